package example.walletd;

import example.walletd.internal.Pb;

/**
 * What became of an item of a batch: its error, or the figures after it, in minor units.
 *
 * @param key the item's idempotency key, of an atomic batch the batch's
 * @param error a {@link RejectedException} or an {@link OutcomeUnknownException}; null: it took place
 * @param transactionId its row; 0 in a dry run
 * @param walletId the wallet
 * @param version the wallet's version
 * @param balance posted
 * @param held of it, in holds
 * @param available what may be spent
 * @param currency of all amounts
 * @param exponent digits after the point
 * @param replayed the first result of its key, answered again
 * @param transaction its row, with full results only; else null
 */
public record BatchItemResult(
        String key,
        WalletException error,
        long transactionId,
        long walletId,
        long version,
        long balance,
        long held,
        long available,
        String currency,
        int exponent,
        boolean replayed,
        Transaction transaction) {
    static BatchItemResult of(Pb.BatchResult m, String key, boolean isUnknown) {
        WalletException error = null;
        if (m.hasError()) {
            Failure refusal = Refusals.rejected(m.getError());
            error = refusal.exception(key);
            if (isUnknown && !refusal.isRemembered()) {
                error = new OutcomeUnknownException(key, error);
            }
        }
        return new BatchItemResult(
                key,
                error,
                m.getTransactionId(),
                m.getWalletId(),
                m.getWalletVersion(),
                m.getBalance(),
                m.getHeld(),
                m.getAvailable(),
                m.getCurrency(),
                m.getExponent(),
                m.getReplayed(),
                m.hasTransaction() ? Transaction.of(m.getTransaction()) : null);
    }
}
