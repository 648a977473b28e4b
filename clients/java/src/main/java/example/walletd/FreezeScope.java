package example.walletd;

/** What a freeze stops. */
public enum FreezeScope {
    /** Nothing may be taken out, held or captured. */
    DEBIT,

    /** Nothing may be put in. */
    CREDIT,

    /** Neither. */
    ALL,

    /** One that is newer than this package, or none. */
    UNRECOGNIZED;

    private static final FreezeScope[] VALUES = values();

    static FreezeScope of(int number) {
        return number > 0 && number < VALUES.length ? VALUES[number - 1] : UNRECOGNIZED;
    }

    /** The number on the wire. {@link #UNRECOGNIZED} has none: asking with it is an IllegalArgumentException. */
    int number() {
        if (this == UNRECOGNIZED) {
            throw new IllegalArgumentException("UNRECOGNIZED is nothing to ask for");
        }
        return ordinal() + 1;
    }
}
