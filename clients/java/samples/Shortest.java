import example.walletd.Credit;
import example.walletd.OpenWallet;
import example.walletd.WalletClient;
import example.walletd.WalletRef;

/** The shortest program. Its argument is the server's address. */
public class Shortest {
    public static void main(String[] args) {
        try (WalletClient client = WalletClient.connect(args[0])) {
            client.openWallet(OpenWallet.of("user-16", "EUR", "signup"));
            System.out.println(client.credit(Credit.of(WalletRef.of("user-16", "EUR"), 2_000, "topup")).balance());
        }
    }
}
