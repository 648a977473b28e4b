package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;

/**
 * The figures of a wallet as they were, in minor units.
 *
 * @param walletId the wallet
 * @param balance posted
 * @param held of it, in holds
 * @param available what might be spent
 * @param overdraftLimit how far it might fall below zero
 * @param version the wallet's version then
 * @param transactionId the row that made it so
 * @param createdAt when that row was stored
 * @param currency of all amounts
 * @param exponent digits after the point
 * @param commitSeq the last durable place of the journal
 */
public record BalanceAt(
        long walletId,
        long balance,
        long held,
        long available,
        long overdraftLimit,
        long version,
        long transactionId,
        Instant createdAt,
        String currency,
        int exponent,
        long commitSeq) {
    static BalanceAt of(Pb.GetBalanceAtResponse m) {
        return new BalanceAt(
                m.getWalletId(),
                m.getBalance(),
                m.getHeld(),
                m.getAvailable(),
                m.getOverdraftLimit(),
                m.getVersion(),
                m.getTransactionId(),
                Convert.time(m.getCreatedAtMicros()),
                m.getCurrency(),
                m.getExponent(),
                m.getCommitSeq());
    }
}
