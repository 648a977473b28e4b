package example.walletd;

import java.io.Serializable;
import java.time.Instant;

/**
 * The figures of an error, one type for each kind. Amounts are minor units; docs/ERRORS.md says which reason has which.
 */
public sealed interface Detail extends Serializable {
    /**
     * Of {@link Reason#INVALID_ARGUMENT}.
     *
     * @param field the path of the field as the schema writes it, such as {@code metadata[2].key}
     * @param rule the rule that it breaks
     */
    record InvalidArgument(String field, String rule) implements Detail {}

    /**
     * Of {@link Reason#UNIMPLEMENTED}.
     *
     * @param method the number of the verb
     * @param feature a field that the verb doesn't take yet; else empty
     */
    record Unimplemented(int method, String feature) implements Detail {}

    /**
     * Of {@link Reason#INVALID_FRAME}.
     *
     * @param rule the rule that was broken
     * @param limit bytes, where the rule is a size; else 0
     */
    record FrameLimit(String rule, int limit) implements Detail {}

    /**
     * Of {@link Reason#IDEMPOTENCY_MISMATCH}.
     *
     * @param field the first field that differs from the request that has the key
     */
    record IdempotencyMismatch(String field) implements Detail {}

    /**
     * Of {@link Reason#CURRENCY_UNKNOWN}, {@link Reason#CURRENCY_EXISTS} and {@link Reason#CURRENCY_MISMATCH}.
     *
     * @param walletCurrency empty when no wallet is in question
     * @param requestCurrency that of the request
     */
    record CurrencyDetail(String walletCurrency, String requestCurrency) implements Detail {}

    /**
     * Of {@link Reason#COUNTER_ACCOUNT_UNKNOWN} and {@link Reason#COUNTER_ACCOUNT_EXISTS}.
     *
     * @param counterAccount its name
     */
    record CounterAccountDetail(String counterAccount) implements Detail {}

    /**
     * Of {@link Reason#WALLET_NOT_FOUND}, {@link Reason#WALLET_EXISTS}, {@link Reason#SAME_WALLET} and
     * {@link Reason#WALLET_CLOSED}.
     *
     * @param walletId 0 where the wallet isn't known by an id
     * @param ownerId its owner
     * @param currency its currency
     * @param name its name
     */
    record WalletDetail(long walletId, String ownerId, String currency, String name) implements Detail {}

    /**
     * Of {@link Reason#VERSION_CONFLICT}.
     *
     * @param expected the version that was expected
     * @param actual the wallet's version
     * @param balance the wallet's balance
     */
    record VersionConflict(long expected, long actual, long balance) implements Detail {}

    /**
     * Of {@link Reason#INSUFFICIENT_FUNDS}.
     *
     * @param requested what was asked for
     * @param available what there is
     * @param balance the wallet's balance
     * @param held what of it is held
     * @param overdraftLimit how far it may fall below zero
     * @param shortfall requested less available
     * @param version the wallet's version
     */
    record InsufficientFunds(
            long requested, long available, long balance, long held, long overdraftLimit, long shortfall, long version)
            implements Detail {}

    /**
     * Of {@link Reason#AMOUNT_OVERFLOW}.
     *
     * @param field the sum that would leave 64 bits
     */
    record AmountOverflow(String field) implements Detail {}

    /**
     * Of {@link Reason#INTERNAL}.
     *
     * @param id find it in the server's log
     */
    record Internal(String id) implements Detail {}

    /**
     * Of {@link Reason#PERMISSION_DENIED} and {@link Reason#UNAUTHENTICATED}: why a caller was turned away.
     *
     * @param scope that is missing; of the rule {@code scope}
     * @param rule of PERMISSION_DENIED {@code scope}, {@code wallet}, {@code max_amount} or {@code whole_ledger}; of
     *     UNAUTHENTICATED {@code missing}, {@code wrong}, {@code expired}, {@code revoked}, {@code certificate} or
     *     {@code unix_user}
     * @param maxAmount of the rule {@code max_amount}
     * @param omitted in a {@link Refusal}: denied calls of the same principal before it that have no row
     */
    record ScopeDetail(String scope, String rule, long maxAmount, long omitted) implements Detail {}

    /**
     * Of {@link Reason#TRANSACTION_NOT_FOUND} and {@link Reason#NOT_REFUNDABLE}.
     *
     * @param transactionId its id
     */
    record TransactionDetail(long transactionId) implements Detail {}

    /**
     * Of {@link Reason#HOLD_NOT_FOUND} and of why a hold can't be captured or released.
     *
     * @param holdId its id
     * @param at when it was captured, released or ended, else when it will end; null where there is no such hold
     * @param remaining what is left of it
     */
    record HoldDetail(long holdId, Instant at, long remaining) implements Detail {}

    /**
     * Of {@link Reason#REFUND_EXCEEDS_ORIGINAL}.
     *
     * @param original what the debit or capture took
     * @param refunded of it, until now
     * @param remaining what may still be refunded
     */
    record RefundExceeds(long original, long refunded, long remaining) implements Detail {}

    /**
     * Of {@link Reason#WALLET_FROZEN}.
     *
     * @param walletId the wallet
     * @param scope what is stopped
     * @param reason why
     * @param since since when
     * @param until until when; null: until it is lifted
     */
    record WalletFrozen(long walletId, FreezeScope scope, String reason, Instant since, Instant until)
            implements Detail {}

    /**
     * Of {@link Reason#WALLET_NOT_EMPTY}.
     *
     * @param balance the wallet's balance
     * @param openHolds the count of its open holds
     */
    record WalletNotEmpty(long balance, long openHolds) implements Detail {}

    /**
     * Of {@link Reason#LIMIT_EXCEEDED}. Amounts are minor units, counts are counts.
     *
     * @param kind which limit
     * @param limit what may be taken out
     * @param used what was
     * @param remaining what may still be
     * @param windowEnd when the day, week or month ends; null where there is no window
     */
    record LimitExceeded(LimitKind kind, long limit, long used, long remaining, Instant windowEnd) implements Detail {}

    /**
     * Of {@link Reason#MAX_BALANCE_EXCEEDED}.
     *
     * @param limit the maximum
     * @param balance the wallet's balance
     * @param remaining what may still be put in
     */
    record MaxBalanceExceeded(long limit, long balance, long remaining) implements Detail {}
}
