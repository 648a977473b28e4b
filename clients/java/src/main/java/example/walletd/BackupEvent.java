package example.walletd;

import example.walletd.internal.Pb;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** What a backup tells; the last one is the {@link Report}. */
public sealed interface BackupEvent {
    /**
     * How far it is.
     *
     * @param stage such as {@code copy}, {@code rows}, {@code seal}
     * @param done of its steps
     * @param total of its steps
     */
    record Progress(String stage, long done, long total) implements BackupEvent {
        static Progress of(Pb.BackupProgress m) {
            return new Progress(m.getStage(), m.getDone(), m.getTotal());
        }
    }

    /**
     * The end of it: the backup has been verified and is in its place.
     *
     * @param file in the server's folder; beside it lies a manifest of the same name that ends with .json
     * @param head the last row in it
     * @param epoch of the ledger
     * @param bytes of the file
     * @param sha256 of the file
     * @param incremental whether it goes on behind another one
     * @param baseSeq of an increment: the row that it goes on behind
     * @param rows of the journal
     * @param old nothing has come since this file, so none was made
     * @param took how long it took
     * @param commitSeq the last durable place of the journal
     */
    record Report(
            String file,
            JournalHead head,
            int epoch,
            long bytes,
            Bytes sha256,
            boolean incremental,
            long baseSeq,
            long rows,
            boolean old,
            Duration took,
            long commitSeq)
            implements BackupEvent {
        static Report of(Pb.BackupReport m) {
            return new Report(
                    m.getFile(),
                    JournalHead.of(m.getHead()),
                    m.getEpoch(),
                    m.getBytes(),
                    Convert.bytes(m.getSha256()),
                    m.getIncremental(),
                    m.getBaseSeq(),
                    m.getRows(),
                    m.getOld(),
                    Duration.of(m.getMicros(), ChronoUnit.MICROS),
                    m.getCommitSeq());
        }
    }
}
