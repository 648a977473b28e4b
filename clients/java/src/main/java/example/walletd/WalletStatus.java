package example.walletd;

/** Whether a wallet is in use. */
public enum WalletStatus {
    /** It is in use. */
    OPEN,

    /** It was closed, for good. */
    CLOSED,

    /** One that is newer than this package, or none. */
    UNRECOGNIZED;

    private static final WalletStatus[] VALUES = values();

    static WalletStatus of(int number) {
        return number > 0 && number < VALUES.length ? VALUES[number - 1] : UNRECOGNIZED;
    }
}
