package example.walletd;

/** The other side sent what is not WRP/1, or not what was asked for. */
public final class ProtocolException extends NotExecutedException {
    private static final long serialVersionUID = 1;

    ProtocolException(Failure failure, String key) {
        super(failure, key);
    }
}
