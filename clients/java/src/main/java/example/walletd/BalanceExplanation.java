package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;
import java.util.List;

/**
 * Why a wallet's balance is what it is. Amounts are minor units.
 *
 * @param wallet the wallet
 * @param openingBalance before the first row that was summed
 * @param openingVersion the wallet's version then; 0: from its beginning
 * @param openingAt when the first row that was summed was stored
 * @param sums by kind and reason, largest amount first
 * @param holds open ones, by their ends
 * @param freezes in effect
 * @param frozenAmount what a freeze of debits keeps from being spent
 * @param limits as they are set
 * @param limitUses one for each limit that is set and counted
 * @param lastChanges newest first
 * @param rowsRecomputed rows of the wallet that were read and added up
 * @param equal the sum, and each row's figures, are those of the wallet
 * @param difference what differs; empty when nothing does
 * @param chainVerifiedTo the links of all rows read are right, up to this transaction; 0: one isn't
 * @param commitSeq the place of the journal that this answer reflects
 */
public record BalanceExplanation(
        Wallet wallet,
        long openingBalance,
        long openingVersion,
        Instant openingAt,
        List<BalanceSum> sums,
        List<HoldInfo> holds,
        List<FreezeInfo> freezes,
        long frozenAmount,
        WalletLimits limits,
        List<LimitUse> limitUses,
        List<Transaction> lastChanges,
        long rowsRecomputed,
        boolean equal,
        String difference,
        long chainVerifiedTo,
        long commitSeq) {
    static BalanceExplanation of(Pb.ExplainBalanceResponse m) {
        return new BalanceExplanation(
                Wallet.of(m.getWallet(), m.getCommitSeq()),
                m.getOpeningBalance(),
                m.getOpeningVersion(),
                Convert.time(m.getOpeningAtMicros()),
                Convert.each(m.getSumsList(), BalanceSum::of),
                Convert.each(m.getHoldsList(), HoldInfo::of),
                Convert.each(m.getFreezesList(), FreezeInfo::of),
                m.getFrozenAmount(),
                WalletLimits.of(m.getLimits()),
                Convert.each(m.getLimitUsesList(), LimitUse::of),
                Convert.each(m.getLastChangesList(), Transaction::of),
                m.getRowsRecomputed(),
                m.getEqual(),
                m.getDifference(),
                m.getChainVerifiedTo(),
                m.getCommitSeq());
    }

    /**
     * The sum of a wallet's rows of one kind and reason.
     *
     * @param kind of the rows
     * @param reason of the rows
     * @param count how many there are
     * @param amount signed
     * @param heldChange signed change of what is held
     */
    public record BalanceSum(TransactionKind kind, String reason, long count, long amount, long heldChange) {
        static BalanceSum of(Pb.BalanceSum m) {
            return new BalanceSum(
                    TransactionKind.of(m.getKindValue()),
                    m.getReason(),
                    m.getCount(),
                    m.getAmount(),
                    m.getHeldChange());
        }
    }

    /**
     * An open hold.
     *
     * @param holdId its id
     * @param amount as it was reserved
     * @param captured of it, until now
     * @param remaining what is left
     * @param createdAt when it was made
     * @param endsAt when it ends by itself
     * @param reason why it was made
     * @param reference of the caller's own records
     */
    public record HoldInfo(
            long holdId,
            long amount,
            long captured,
            long remaining,
            Instant createdAt,
            Instant endsAt,
            String reason,
            String reference) {
        static HoldInfo of(Pb.HoldInfo m) {
            return new HoldInfo(
                    m.getHoldId(),
                    m.getAmount(),
                    m.getCaptured(),
                    m.getRemaining(),
                    Convert.time(m.getCreatedAtMicros()),
                    Convert.time(m.getEndsAtMicros()),
                    m.getReason(),
                    m.getReference());
        }
    }

    /**
     * A freeze in effect.
     *
     * @param scope what is stopped
     * @param reason why
     * @param since since when
     * @param until until when; null: until it is lifted
     */
    public record FreezeInfo(FreezeScope scope, String reason, Instant since, Instant until) {
        static FreezeInfo of(Pb.FreezeInfo m) {
            return new FreezeInfo(
                    FreezeScope.of(m.getScopeValue()),
                    m.getReason(),
                    Convert.time(m.getSinceMicros()),
                    Convert.time(m.getUntilMicros()));
        }
    }

    /**
     * How much of a limit is used.
     *
     * @param kind which limit
     * @param limit what may be taken out
     * @param used what was
     * @param remaining what may still be
     * @param windowEnd when the day, week or month ends; null where there is no window
     */
    public record LimitUse(LimitKind kind, long limit, long used, long remaining, Instant windowEnd) {
        static LimitUse of(Pb.LimitUse m) {
            return new LimitUse(
                    LimitKind.of(m.getKindValue()),
                    m.getLimit(),
                    m.getUsed(),
                    m.getRemaining(),
                    Convert.time(m.getWindowEndMicros()));
        }
    }
}
