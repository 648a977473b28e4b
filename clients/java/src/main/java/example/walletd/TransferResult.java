package example.walletd;

import example.walletd.internal.Pb;

/**
 * What a transfer gave.
 *
 * @param key the idempotency key, also when the client made it
 * @param source the row that took the amount out, and the source after it
 * @param destination the row that put it in; it shows the destination after it
 * @param replayed the first result of this key, answered again
 * @param commitSeq its place in the journal
 * @param dryRun what would have been: nothing is written
 */
public record TransferResult(
        String key,
        MutationResult source,
        Transaction destination,
        boolean replayed,
        long commitSeq,
        boolean dryRun) {
    static TransferResult of(Pb.TransferResponse m, String key) {
        // The row's own answer doesn't say what belongs to the transfer.
        Pb.MutationResponse source =
                m.getSource().toBuilder().setReplayed(m.getReplayed()).setCommitSeq(m.getCommitSeq()).build();
        return new TransferResult(
                key,
                MutationResult.of(source, key),
                Transaction.of(m.getDestination()),
                m.getReplayed(),
                m.getCommitSeq(),
                m.getDryRun());
    }
}
