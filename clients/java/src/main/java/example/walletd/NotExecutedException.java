package example.walletd;

import java.time.Duration;

/**
 * Nothing happened and nothing will. A mutation may be repeated, with the same key or a new one.
 *
 * <p>Subclasses say what came between; this class itself is what the server could not do, for its {@link #reason}.
 */
public sealed class NotExecutedException extends WalletException
        permits CancelledException,
                DeadlineExceededException,
                DisconnectedException,
                InvalidCallException,
                ProtocolException,
                UnauthenticatedException {
    private static final long serialVersionUID = 1;

    private final Failure failure;

    NotExecutedException(Failure failure, String key) {
        super(failure.text(), key, failure.exceptionCause(key));
        this.failure = failure;
    }

    /** The server's, such as {@link Reason#UNAVAILABLE}; null when no answer came. */
    public Reason reason() {
        return failure.reason();
    }

    /** The number of the reason; 0 when no answer came. */
    public int reasonNumber() {
        return failure.reasonNumber();
    }

    /** The wait that the server asked for; zero when it didn't. */
    public Duration retryAfter() {
        return failure.retryAfter();
    }

    /** The figures of the server's answer, such as a {@link Detail.ScopeDetail}; null where there are none. */
    public Detail detail() {
        return failure.detail();
    }

    Failure failure() {
        return failure;
    }
}
