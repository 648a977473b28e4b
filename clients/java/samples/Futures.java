import example.walletd.AsyncWalletClient;
import example.walletd.Credit;
import example.walletd.Debit;
import example.walletd.OpenWallet;
import example.walletd.RejectedException;
import example.walletd.WalletClient;
import example.walletd.WalletRef;

/** The same without waiting. Its argument is the server's address. */
public class Futures {
    public static void main(String[] args) {
        try (WalletClient client = WalletClient.connect(args[0])) {
            AsyncWalletClient async = client.async();
            WalletRef wallet = WalletRef.of("user-18", "EUR");
            String told = async.openWallet(OpenWallet.of("user-18", "EUR", "signup"))
                    .thenCompose(opened -> async.credit(Credit.of(wallet, 500, "topup")))
                    .thenCompose(credited -> async.debit(Debit.of(wallet, 700, "esim.purchase")))
                    .handle((paid, error) -> error != null && error.getCause() instanceof RejectedException refused
                            ? "refused: " + refused.reason()
                            : "paid")
                    .join();
            System.out.println(told);
        }
    }
}
