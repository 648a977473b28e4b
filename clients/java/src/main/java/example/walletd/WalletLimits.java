package example.walletd;

import example.walletd.internal.Pb;

/**
 * What a wallet's owner may do, as a whole. Amounts are minor units; 0: no such limit, but for the overdraft.
 *
 * <p>Days, ISO weeks and months are those of UTC, by the time at which a transaction is stored. Debits, outgoing
 * transfers and holds count; what a hold didn't use is given back when it ends.
 *
 * @param overdraftLimit how far the balance may fall below zero
 * @param maxBalance the maximum balance
 * @param maxAmount of one debit, outgoing transfer or hold
 * @param day in a day
 * @param week in a week, from Monday
 * @param month in a month
 */
public record WalletLimits(
        long overdraftLimit, long maxBalance, long maxAmount, WindowLimit day, WindowLimit week, WindowLimit month) {
    /** No limits, and no overdraft. */
    public static final WalletLimits NONE =
            new WalletLimits(0, 0, 0, WindowLimit.NONE, WindowLimit.NONE, WindowLimit.NONE);

    /** These, with another overdraft. */
    public WalletLimits withOverdraftLimit(long amount) {
        return new WalletLimits(amount, maxBalance, maxAmount, day, week, month);
    }

    /** These, with another maximum balance. */
    public WalletLimits withMaxBalance(long amount) {
        return new WalletLimits(overdraftLimit, amount, maxAmount, day, week, month);
    }

    /** These, with another maximum of one debit, outgoing transfer or hold. */
    public WalletLimits withMaxAmount(long amount) {
        return new WalletLimits(overdraftLimit, maxBalance, amount, day, week, month);
    }

    /** These, with another limit of a day. */
    public WalletLimits withDay(long amount, long count) {
        return new WalletLimits(overdraftLimit, maxBalance, maxAmount, new WindowLimit(amount, count), week, month);
    }

    /** These, with another limit of a week. */
    public WalletLimits withWeek(long amount, long count) {
        return new WalletLimits(overdraftLimit, maxBalance, maxAmount, day, new WindowLimit(amount, count), month);
    }

    /** These, with another limit of a month. */
    public WalletLimits withMonth(long amount, long count) {
        return new WalletLimits(overdraftLimit, maxBalance, maxAmount, day, week, new WindowLimit(amount, count));
    }

    Pb.WalletLimits message() {
        Pb.WalletLimits.Builder message = Pb.WalletLimits.newBuilder()
                .setOverdraftLimit(overdraftLimit)
                .setMaxBalance(maxBalance)
                .setMaxAmount(maxAmount);
        if (!day.equals(WindowLimit.NONE)) {
            message.setDay(day.message());
        }
        if (!week.equals(WindowLimit.NONE)) {
            message.setWeek(week.message());
        }
        if (!month.equals(WindowLimit.NONE)) {
            message.setMonth(month.message());
        }
        return message.build();
    }

    static WalletLimits of(Pb.WalletLimits m) {
        return new WalletLimits(
                m.getOverdraftLimit(),
                m.getMaxBalance(),
                m.getMaxAmount(),
                WindowLimit.of(m.getDay()),
                WindowLimit.of(m.getWeek()),
                WindowLimit.of(m.getMonth()));
    }
}
