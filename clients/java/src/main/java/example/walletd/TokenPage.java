package example.walletd;

import example.walletd.internal.Pb;
import java.util.List;

/**
 * A page of what was granted.
 *
 * @param tokens by id, rising
 * @param nextCursor for the page behind it; empty: that was all
 * @param commitSeq the place of the journal that this answer reflects
 */
public record TokenPage(List<Token> tokens, String nextCursor, long commitSeq) {
    static TokenPage of(Pb.ListTokensResponse m) {
        return new TokenPage(Convert.each(m.getTokensList(), Token::of), m.getNextCursor(), m.getCommitSeq());
    }
}
