package example.walletd;

import example.walletd.internal.Pb;

/**
 * One transaction, as it was committed, or nothing but a new token. Amounts are minor units.
 *
 * @param transaction null where there is nothing but a new token, while no row passes the filter
 * @param balanceBefore the wallet's balance before it
 * @param heldBefore what was held before it
 * @param currency of all amounts
 * @param exponent digits after the point
 * @param resumeToken goes on behind this event: who keeps it together with what he made of the event misses none and
 *     takes none twice
 * @param commitSeq that of the row; of a mere token the place up to which the server has looked
 */
public record WatchEvent(
        Transaction transaction,
        long balanceBefore,
        long heldBefore,
        String currency,
        int exponent,
        String resumeToken,
        long commitSeq) {
    static WatchEvent of(Pb.WatchEvent m) {
        return new WatchEvent(
                m.hasTransaction() ? Transaction.of(m.getTransaction()) : null,
                m.getBalanceBefore(),
                m.getHeldBefore(),
                m.getCurrency(),
                m.getExponent(),
                m.getResumeToken(),
                m.getCommitSeq());
    }
}
