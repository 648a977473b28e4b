package example.walletd;

/**
 * A mutation was sent and no answer is sure: it may have taken place, or may yet.
 *
 * <p>Repeat the call with its {@link #key} and otherwise the same arguments until it returns or is rejected: the server
 * executes a key at most once.
 */
public final class OutcomeUnknownException extends WalletException {
    private static final long serialVersionUID = 1;

    OutcomeUnknownException(String key, WalletException lastAttempt) {
        super("whether key " + key + " took place is unknown: " + lastAttempt.getMessage(), key, lastAttempt);
    }

    /**
     * What became of the last attempt. What it says of this attempt, not executed perhaps, is not true of the mutation.
     */
    public WalletException lastAttempt() {
        return (WalletException) getCause();
    }
}
