package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;

/**
 * Who the server is, how far its journal is, and whether it takes mutations.
 *
 * @param serverName program and version
 * @param ledgerId of the ledger that it serves
 * @param epoch raised by each restore
 * @param head the last row
 * @param serverTime the server's clock
 * @param limits of this connection
 * @param schemaDigest SHA-256 of its schema
 * @param storage engine and version
 * @param startedAt since when it runs
 * @param mutationsAvailable whether it takes mutations
 * @param mutationsUnavailableBecause why not; else empty
 * @param commitSeq the last durable place of the journal
 * @param build {@code release} or {@code debug}; a debug build is many times slower
 */
public record ServerInfo(
        String serverName,
        String ledgerId,
        int epoch,
        JournalHead head,
        Instant serverTime,
        ServerLimits limits,
        Bytes schemaDigest,
        String storage,
        Instant startedAt,
        boolean mutationsAvailable,
        String mutationsUnavailableBecause,
        long commitSeq,
        String build) {
    static ServerInfo of(Pb.GetServerInfoResponse m) {
        return new ServerInfo(
                m.getServerName(),
                m.getLedgerId(),
                m.getEpoch(),
                JournalHead.of(m.getHead()),
                Convert.time(m.getServerTimeMicros()),
                ServerLimits.of(m.getLimits()),
                Convert.bytes(m.getSchemaDigest()),
                m.getStorage(),
                Convert.time(m.getStartedAtMicros()),
                m.getMutationsAvailable(),
                m.getMutationsUnavailableBecause(),
                m.getCommitSeq(),
                m.getBuild());
    }
}
