package example.walletd;

import example.walletd.internal.Pb;
import java.util.List;

/**
 * A page of transactions.
 *
 * @param transactions newest first unless asked for otherwise
 * @param nextCursor for the page behind it; empty: that was all
 * @param currency of all amounts
 * @param exponent digits after the point
 * @param commitSeq the place of the journal that this answer reflects
 */
public record TransactionPage(
        List<Transaction> transactions,
        String nextCursor,
        String currency,
        int exponent,
        long commitSeq) {
    static TransactionPage of(Pb.ListTransactionsResponse m) {
        return new TransactionPage(
                Convert.each(m.getTransactionsList(), Transaction::of),
                m.getNextCursor(),
                m.getCurrency(),
                m.getExponent(),
                m.getCommitSeq());
    }
}
