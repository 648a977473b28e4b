package example.walletd;

/**
 * Base of all errors of calls, of which there are three kinds: {@link RejectedException}, {@link NotExecutedException}
 * and {@link OutcomeUnknownException}.
 */
public abstract sealed class WalletException extends RuntimeException
        permits RejectedException, NotExecutedException, OutcomeUnknownException {
    private static final long serialVersionUID = 1;

    private final String key;

    WalletException(String message, String key, Throwable cause) {
        super(message, cause);
        this.key = key;
    }

    /** The idempotency key of the mutation, also when the client made it; null for reads. */
    public final String key() {
        return key;
    }
}
