package example.walletd;

/** What a limit bounds. */
public enum LimitKind {
    /** The amount of one debit, outgoing transfer or hold. */
    TRANSACTION_AMOUNT,

    /** The amounts of a day. */
    DAY_AMOUNT,

    /** How often in a day. */
    DAY_COUNT,

    /** The amounts of an ISO week. */
    WEEK_AMOUNT,

    /** How often in an ISO week. */
    WEEK_COUNT,

    /** The amounts of a month. */
    MONTH_AMOUNT,

    /** How often in a month. */
    MONTH_COUNT,

    /** One that is newer than this package, or none. */
    UNRECOGNIZED;

    private static final LimitKind[] VALUES = values();

    static LimitKind of(int number) {
        return number > 0 && number < VALUES.length ? VALUES[number - 1] : UNRECOGNIZED;
    }
}
