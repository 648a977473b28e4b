package example.walletd;

import example.walletd.internal.Pb;

/**
 * What may be taken out of a wallet in a day, a week or a month; 0: no limit.
 *
 * @param amount minor units
 * @param count how often
 */
public record WindowLimit(long amount, long count) {
    /** No limit. */
    public static final WindowLimit NONE = new WindowLimit(0, 0);

    Pb.WindowLimit message() {
        return Pb.WindowLimit.newBuilder().setAmount(amount).setCount(count).build();
    }

    static WindowLimit of(Pb.WindowLimit m) {
        return new WindowLimit(m.getAmount(), m.getCount());
    }
}
