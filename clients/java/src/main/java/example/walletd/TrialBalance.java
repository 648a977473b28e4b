package example.walletd;

import example.walletd.internal.Pb;
import java.util.List;

/**
 * The totals of currencies, which sum to zero. Amounts are minor units.
 *
 * @param currencies by code
 * @param commitSeq the place of the journal that this answer reflects
 * @param counterAccounts all there are, by name
 */
public record TrialBalance(List<CurrencyBalance> currencies, long commitSeq, List<String> counterAccounts) {
    static TrialBalance of(Pb.TrialBalanceResponse m) {
        return new TrialBalance(
                Convert.each(m.getCurrenciesList(), CurrencyBalance::of),
                m.getCommitSeq(),
                List.copyOf(m.getCounterAccountsList()));
    }

    /**
     * The totals of one currency.
     *
     * @param currency its code
     * @param exponent digits after the point
     * @param walletsTotal of all wallets' balances
     * @param counterAccounts those that were posted to, by name
     * @param difference the sum of all; anything but 0 is a fault
     * @param registered by RegisterCurrency, not by ISO 4217
     */
    public record CurrencyBalance(
            String currency,
            int exponent,
            long walletsTotal,
            List<CounterAccountBalance> counterAccounts,
            long difference,
            boolean registered) {
        static CurrencyBalance of(Pb.CurrencyBalance m) {
            return new CurrencyBalance(
                    m.getCurrency(),
                    m.getExponent(),
                    m.getWalletsTotal(),
                    Convert.each(m.getCounterAccountsList(), CounterAccountBalance::of),
                    m.getDifference(),
                    m.getRegistered());
        }
    }

    /**
     * What was posted to a counter-account.
     *
     * @param name its name
     * @param total of all postings
     */
    public record CounterAccountBalance(String name, long total) {
        static CounterAccountBalance of(Pb.CounterAccountBalance m) {
            return new CounterAccountBalance(m.getName(), m.getTotal());
        }
    }
}
