package example.walletd;

/** Keeps retries from becoming the load that they wait to pass. Counted in tenths of a retry. */
final class RetryBudget {
    private static final int RETRY = 10;
    private static final int MAX = 100 * RETRY;

    private int saved = 10 * RETRY;

    /** A first attempt was made. */
    synchronized void earn() {
        if (saved < MAX) {
            saved++;
        }
    }

    /** Takes a retry, if there is one. */
    synchronized boolean spend() {
        if (saved < RETRY) {
            return false;
        }
        saved -= RETRY;
        return true;
    }
}
