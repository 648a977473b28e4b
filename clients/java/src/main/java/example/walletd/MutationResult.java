package example.walletd;

import example.walletd.internal.Pb;

/**
 * What a mutation of a wallet gave: its row, and the wallet after it, in minor units.
 *
 * @param key the idempotency key, also when the client made it
 * @param transaction its row
 * @param balance posted
 * @param held of it, in holds
 * @param available what may be spent
 * @param version the wallet's version
 * @param currency of all amounts
 * @param exponent digits after the point
 * @param replayed the first result of this key, answered again
 * @param commitSeq its place in the journal
 * @param dryRun what would have been: nothing is written
 */
public record MutationResult(
        String key,
        Transaction transaction,
        long balance,
        long held,
        long available,
        long version,
        String currency,
        int exponent,
        boolean replayed,
        long commitSeq,
        boolean dryRun) {
    static MutationResult of(Pb.MutationResponse m, String key) {
        return new MutationResult(
                key,
                Transaction.of(m.getTransaction()),
                m.getBalance(),
                m.getHeld(),
                m.getAvailable(),
                m.getVersion(),
                m.getCurrency(),
                m.getExponent(),
                m.getReplayed(),
                m.getCommitSeq(),
                m.getDryRun());
    }
}
