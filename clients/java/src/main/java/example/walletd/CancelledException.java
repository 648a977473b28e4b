package example.walletd;

/** The caller took the call back: by cancelling its future, or by interrupting its thread, whose flag stays set. */
public final class CancelledException extends NotExecutedException {
    private static final long serialVersionUID = 1;

    CancelledException(Failure failure, String key) {
        super(failure, key);
    }
}
