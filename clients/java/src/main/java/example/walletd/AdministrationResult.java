package example.walletd;

import example.walletd.internal.Pb;

/**
 * What an administrator's mutation gave.
 *
 * @param key the idempotency key, also when the client made it
 * @param row its row
 * @param replayed the first result of this key, answered again
 * @param dryRun what would have been: nothing is written
 * @param commitSeq its place in the journal
 */
public record AdministrationResult(
        String key,
        AdministrationRow row,
        boolean replayed,
        boolean dryRun,
        long commitSeq) {
    static AdministrationResult of(Pb.AdministrationResponse m, String key) {
        return new AdministrationResult(
                key,
                AdministrationRow.of(m.getRow()),
                m.getReplayed(),
                m.getDryRun(),
                m.getCommitSeq());
    }
}
