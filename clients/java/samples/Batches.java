import example.walletd.Batch;
import example.walletd.BatchItemResult;
import example.walletd.Credit;
import example.walletd.Debit;
import example.walletd.OpenWallet;
import example.walletd.RejectedException;
import example.walletd.Transfer;
import example.walletd.WalletClient;
import example.walletd.WalletRef;

/** Several mutations in one commit, item by item and all or nothing. Its argument is the server's address. */
public class Batches {
    public static void main(String[] args) {
        try (WalletClient client = WalletClient.connect(args[0])) {
            WalletRef shop = WalletRef.of("shop-1", "EUR");
            WalletRef user = WalletRef.of("user-41", "EUR");

            // Item by item: each has a result of its own, and one that is refused doesn't hinder the others.
            Batch start = Batch.of(
                    OpenWallet.of("shop-1", "EUR", "signup"),
                    OpenWallet.of("user-41", "EUR", "signup"),
                    Credit.of(user, 1_000, "topup"),
                    Debit.of(user, 5_000, "esim.purchase"));
            for (BatchItemResult item : client.batch(start).results()) {
                System.out.println(item.error() == null ? "balance " + item.balance() : item.error().getMessage());
            }

            // All or nothing: the fee can't be paid, so the purchase isn't either.
            Batch purchase = Batch.atomic(
                    Transfer.of(user, shop, 900, "esim.purchase"),
                    Debit.of(user, 200, "fee"));
            try {
                client.batch(purchase);
            } catch (RejectedException refused) {
                System.out.println(refused.reason() + " by item " + refused.index() + " for "
                        + refused.itemRefusal().reason());
            }
        }
    }
}
