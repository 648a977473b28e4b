package example.walletd;

/**
 * The server decided against the request; no balance has changed.
 *
 * <p>A refusal whose reason is {@linkplain Reason#isRemembered remembered} is the answer to its key for ever: a new
 * attempt takes a new key.
 */
public final class RejectedException extends WalletException {
    private static final long serialVersionUID = 1;

    private final Failure failure;

    RejectedException(Failure failure, String key) {
        super(failure.text(), key, failure.exceptionCause(key));
        this.failure = failure;
    }

    /** Why, such as {@link Reason#INSUFFICIENT_FUNDS}. */
    public Reason reason() {
        return failure.reason();
    }

    /** The number of the reason, also of one that is newer than this package. */
    public int reasonNumber() {
        return failure.reasonNumber();
    }

    /** The figures, such as a {@link Detail.InsufficientFunds}; null where there are none. */
    public Detail detail() {
        return failure.detail();
    }

    /** The gRPC status code, 1 to 16; 0 when the connection itself was refused, and of an item of a batch. */
    public int status() {
        return failure.rejection().status();
    }

    /** Whether a remembered refusal was answered again with its first figures. */
    public boolean replayed() {
        return failure.rejection().replayed();
    }

    /** The refusal's place in the journal when it was recorded, else the last durable place. */
    public long commitSeq() {
        return failure.rejection().commitSeq();
    }

    /** Of {@link Reason#BATCH_ABORTED}: the item that was refused, from 0; else -1. */
    public int index() {
        return failure.rejection().index();
    }

    /** Of {@link Reason#BATCH_ABORTED}: why that item was refused; else null. */
    public RejectedException itemRefusal() {
        return getCause() instanceof RejectedException item ? item : null;
    }

    Failure failure() {
        return failure;
    }
}
