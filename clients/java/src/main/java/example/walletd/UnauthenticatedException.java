package example.walletd;

/**
 * One side does not accept who the other one is: a token or a certificate that is missing, wrong, expired or revoked.
 */
public final class UnauthenticatedException extends NotExecutedException {
    private static final long serialVersionUID = 1;

    UnauthenticatedException(Failure failure, String key) {
        super(failure, key);
    }
}
