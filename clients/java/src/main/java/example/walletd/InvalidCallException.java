package example.walletd;

/** Refused by the client itself, before anything was sent. */
public final class InvalidCallException extends NotExecutedException {
    private static final long serialVersionUID = 1;

    InvalidCallException(Failure failure, String key) {
        super(failure, key);
    }
}
