package example.walletd;

/** The client was closed. */
public final class ClientClosedException extends DisconnectedException {
    private static final long serialVersionUID = 1;

    ClientClosedException(Failure failure, String key) {
        super(failure, key);
    }
}
