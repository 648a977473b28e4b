package example.walletd;

import example.walletd.internal.Pb;

/**
 * The figures of a wallet, in minor units.
 *
 * @param walletId the wallet
 * @param balance posted
 * @param held of it, in holds
 * @param available what may be spent
 * @param version the count of the wallet's transactions
 * @param currency of all amounts
 * @param exponent digits after the point
 * @param overdraftLimit how far it may fall below zero
 * @param commitSeq the place of the journal that this answer reflects
 * @param expiryPending holds have ended whose rows aren't written yet; held and available are without them
 */
public record Balance(
        long walletId,
        long balance,
        long held,
        long available,
        long version,
        String currency,
        int exponent,
        long overdraftLimit,
        long commitSeq,
        boolean expiryPending) {
    static Balance of(Pb.GetBalanceResponse m) {
        return new Balance(
                m.getWalletId(),
                m.getBalance(),
                m.getHeld(),
                m.getAvailable(),
                m.getVersion(),
                m.getCurrency(),
                m.getExponent(),
                m.getOverdraftLimit(),
                m.getCommitSeq(),
                m.getExpiryPending());
    }
}
