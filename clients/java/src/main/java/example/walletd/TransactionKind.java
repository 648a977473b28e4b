package example.walletd;

/** What a row of the journal did. */
public enum TransactionKind {
    /** A wallet was opened. */
    OPEN,

    /** An amount was taken out. */
    DEBIT,

    /** An amount was put in. */
    CREDIT,

    /** An amount went to another wallet. */
    TRANSFER_OUT,

    /** An amount came from another wallet. */
    TRANSFER_IN,

    /** An amount was reserved. */
    HOLD,

    /** An amount of a hold was taken. */
    CAPTURE,

    /** What was left of a hold was given back. */
    RELEASE,

    /** A hold came to its end. */
    EXPIRE,

    /** A debit or capture was given back, or a part of it. */
    REFUND,

    /** The wallet was stopped. */
    FREEZE,

    /** A freeze was lifted. */
    UNFREEZE,

    /** Limits were set. */
    SET_LIMITS,

    /** The wallet was closed. */
    CLOSE,

    /** One that is newer than this package, or none. */
    UNRECOGNIZED;

    private static final TransactionKind[] VALUES = values();

    static TransactionKind of(int number) {
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
