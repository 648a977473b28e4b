package example.walletd;

import example.walletd.internal.Pb;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** What a verification tells; the last one is the {@link Report}. */
public sealed interface VerifyEvent {
    /**
     * How far it is.
     *
     * @param stage {@code journal}, {@code wallets}, {@code keys}, {@code totals}, {@code copy} or {@code integrity}
     * @param done of its steps
     * @param total of its steps
     */
    record Progress(String stage, long done, long total) implements VerifyEvent {
        static Progress of(Pb.VerifyProgress m) {
            return new Progress(m.getStage(), m.getDone(), m.getTotal());
        }
    }

    /**
     * Something that isn't as it should be.
     *
     * @param what such as {@code digest}, {@code wallet.balance}, {@code key}
     * @param walletId 0 where it is no wallet's
     * @param seq the row of the journal; 0 where it is none's
     * @param expected what should be
     * @param found what is
     */
    record Finding(String what, long walletId, long seq, String expected, String found) implements VerifyEvent {
        static Finding of(Pb.VerifyFinding m) {
            return new Finding(m.getWhat(), m.getWalletId(), m.getSeq(), m.getExpected(), m.getFound());
        }
    }

    /**
     * The end of it.
     *
     * @param head up to which all of it was verified
     * @param rows of the journal
     * @param wallets their count
     * @param keys their count
     * @param findings their count
     * @param findingsTold at most 1,000 are told one by one
     * @param integrityChecked whether SQLite's own check was made
     * @param integritySkippedBecause why not; else empty
     * @param took how long it took
     * @param commitSeq the last durable place of the journal
     */
    record Report(
            JournalHead head,
            long rows,
            long wallets,
            long keys,
            long findings,
            long findingsTold,
            boolean integrityChecked,
            String integritySkippedBecause,
            Duration took,
            long commitSeq)
            implements VerifyEvent {
        static Report of(Pb.VerifyReport m) {
            return new Report(
                    JournalHead.of(m.getHead()),
                    m.getRows(),
                    m.getWallets(),
                    m.getKeys(),
                    m.getFindings(),
                    m.getFindingsTold(),
                    m.getIntegrityChecked(),
                    m.getIntegritySkippedBecause(),
                    Duration.of(m.getMicros(), ChronoUnit.MICROS),
                    m.getCommitSeq());
        }
    }
}
