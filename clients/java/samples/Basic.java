import example.walletd.Credit;
import example.walletd.Debit;
import example.walletd.Detail;
import example.walletd.ListTransactions;
import example.walletd.Money;
import example.walletd.MutationResult;
import example.walletd.OpenWallet;
import example.walletd.RejectedException;
import example.walletd.Transaction;
import example.walletd.WalletClient;
import example.walletd.WalletRef;

/** Opens a wallet, tops it up, pays, is refused, and lists what happened. Its argument is the server's address. */
public class Basic {
    public static void main(String[] args) {
        try (WalletClient client = WalletClient.connect(args[0])) {
            WalletRef wallet = WalletRef.of("user-17", "EUR");

            client.openWallet(OpenWallet.of("user-17", "EUR", "signup"));
            client.credit(Credit.of(wallet, 2_000, "topup").reference("stripe:pi_123"));
            long price = Money.parse("12.30", 2);
            MutationResult paid = client.debit(Debit.of(wallet, price, "esim.purchase"));
            System.out.println(Money.format(paid.available(), paid.exponent()) + " " + paid.currency());

            try {
                client.debit(Debit.of(wallet, 5_000, "esim.purchase"));
            } catch (RejectedException refused) {
                if (refused.detail() instanceof Detail.InsufficientFunds funds) {
                    System.out.println(refused.reason() + " short of " + funds.shortfall());
                }
            }

            for (Transaction row : client.allTransactions(ListTransactions.of(wallet))) {
                System.out.println(row.walletVersion() + " " + row.kind() + " " + row.amount() + " " + row.balance());
            }
        }
    }
}
