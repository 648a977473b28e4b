package example.walletd;

import example.walletd.internal.Pb;
import java.util.List;

/**
 * A page of refusals.
 *
 * @param refusals newest first unless asked for otherwise
 * @param nextCursor for the page behind it; empty: that was all
 * @param commitSeq the place of the journal that this answer reflects
 */
public record RefusalPage(List<Refusal> refusals, String nextCursor, long commitSeq) {
    static RefusalPage of(Pb.ListRefusalsResponse m) {
        return new RefusalPage(Convert.each(m.getRefusalsList(), Refusal::of), m.getNextCursor(), m.getCommitSeq());
    }
}
