package example.walletd;

/**
 * The code of an error: why the server did not do what it was asked for. docs/ERRORS.md has each with its figures.
 */
public enum Reason {
    /** What came is no frame, is too long, has a wrong checksum or may not come now. The connection closes. */
    INVALID_FRAME(1),

    /** The connection has no identity, or a wrong one: it closes. */
    UNAUTHENTICATED(2),

    /** The identity hasn't the scope that the verb takes, or is kept from that wallet or amount. */
    PERMISSION_DENIED(3),

    /** The verb, or a field of it, isn't served here. */
    UNIMPLEMENTED(4),

    /** Too much is queued already, or a stream is not read fast enough. */
    RESOURCE_EXHAUSTED(5),

    /** The caller took the request back before its commit. */
    CANCELLED(6),

    /** The deadline passed before the commit began. */
    DEADLINE_EXCEEDED(7),

    /** The server is leaving, or its clock or its disk can't be relied upon now. */
    UNAVAILABLE(8),

    /** A field is missing, too long, out of range or unknown. */
    INVALID_ARGUMENT(9),

    /** A cursor or a token of another ledger, or of the time before a restore. */
    RESUME_INVALID(10),

    /** The key belongs to another request. The field is the first that differs. */
    IDEMPOTENCY_MISMATCH(11),

    /** The request names a currency that nobody knows. */
    CURRENCY_UNKNOWN(12),

    /** The currency is known already. */
    CURRENCY_EXISTS(13),

    /** The request's currency isn't the wallet's, or two wallets have different ones. */
    CURRENCY_MISMATCH(14),

    /** There is no such counter-account. */
    COUNTER_ACCOUNT_UNKNOWN(15),

    /** The address leads to no wallet. */
    WALLET_NOT_FOUND(16),

    /** The name is taken, if by a closed wallet. */
    WALLET_EXISTS(17),

    /** Source and destination are one wallet. */
    SAME_WALLET(18),

    /** There is no such transaction. */
    TRANSACTION_NOT_FOUND(19),

    /** The transaction is neither a debit nor a capture. */
    NOT_REFUNDABLE(20),

    /** The wallet is closed. */
    WALLET_CLOSED(21),

    /** The wallet is frozen for what was asked. */
    WALLET_FROZEN(22),

    /** A wallet that has a balance or open holds can't be closed. */
    WALLET_NOT_EMPTY(23),

    /** The expected version isn't the wallet's version. */
    VERSION_CONFLICT(24),

    /** There is no such hold. */
    HOLD_NOT_FOUND(25),

    /** The hold has ended: its last capture is done. */
    HOLD_CAPTURED(26),

    /** The hold has ended: it was released. */
    HOLD_RELEASED(27),

    /** The hold has ended: its time was over. */
    HOLD_EXPIRED(28),

    /** More is captured than is left of the hold. */
    HOLD_AMOUNT_EXCEEDED(29),

    /** All refunds together would be more than was taken. */
    REFUND_EXCEEDS_ORIGINAL(30),

    /** A limit of what may be taken out, of one transaction or of a day, week or month. */
    LIMIT_EXCEEDED(31),

    /** The balance would pass its maximum. */
    MAX_BALANCE_EXCEEDED(32),

    /** More is asked for than is available. */
    INSUFFICIENT_FUNDS(33),

    /** A sum would leave the range of 64-bit integers. */
    AMOUNT_OVERFLOW(34),

    /** An item of a batch of all or nothing was refused, so nothing was done. */
    BATCH_ABORTED(35),

    /** A bug. The server has logged it under the id. */
    INTERNAL(36),

    /** The counter-account is there already. */
    COUNTER_ACCOUNT_EXISTS(37),

    /** One that is newer than this package: the error has its number. */
    UNRECOGNIZED(-1);

    private static final Reason[] BY_NUMBER = new Reason[values().length];

    static {
        for (Reason reason : values()) {
            if (reason != UNRECOGNIZED) {
                BY_NUMBER[reason.number] = reason;
            }
        }
    }

    private final int number;

    Reason(int number) {
        this.number = number;
    }

    /** The number on the wire, which never changes; -1 of {@link #UNRECOGNIZED}. */
    public int number() {
        return number;
    }

    /**
     * Whether a refusal for this reason is recorded: the same key gets the same answer for ever, and a new attempt
     * takes a new key. That of {@link #BATCH_ABORTED} is when the item's is.
     */
    public boolean isRemembered() {
        return number >= CURRENCY_UNKNOWN.number && number <= AMOUNT_OVERFLOW.number && this != VERSION_CONFLICT
                || this == COUNTER_ACCOUNT_EXISTS;
    }

    /** Whether the client tries again by itself. */
    boolean isRetried() {
        return this == UNAVAILABLE || this == RESOURCE_EXHAUSTED;
    }

    /** Whether the server could not, rather than would not. */
    boolean isCouldNot() {
        return isRetried() || this == CANCELLED || this == DEADLINE_EXCEEDED || this == INTERNAL;
    }

    static Reason of(int number) {
        return number > 0 && number < BY_NUMBER.length && BY_NUMBER[number] != null ? BY_NUMBER[number] : UNRECOGNIZED;
    }

    /** That of an error whose payload names none: the statuses that have just one reason; null for others. */
    static Reason ofStatus(int status) {
        return switch (status) {
            case 1 -> CANCELLED;
            case 4 -> DEADLINE_EXCEEDED;
            case 7 -> PERMISSION_DENIED;
            case 8 -> RESOURCE_EXHAUSTED;
            case 12 -> UNIMPLEMENTED;
            case 13 -> INTERNAL;
            case 14 -> UNAVAILABLE;
            case 16 -> UNAUTHENTICATED;
            default -> null;
        };
    }
}
