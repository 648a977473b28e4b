package example.walletd;

/** No connection could be made, or it ended before the answer to a read. */
public sealed class DisconnectedException extends NotExecutedException permits ClientClosedException {
    private static final long serialVersionUID = 1;

    DisconnectedException(Failure failure, String key) {
        super(failure, key);
    }
}
