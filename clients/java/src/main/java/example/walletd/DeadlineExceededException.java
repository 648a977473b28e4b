package example.walletd;

/**
 * The deadline passed: of a read, or of a mutation of which not one byte was written or about which the server is sure.
 */
public final class DeadlineExceededException extends NotExecutedException {
    private static final long serialVersionUID = 1;

    DeadlineExceededException(Failure failure, String key) {
        super(failure, key);
    }
}
