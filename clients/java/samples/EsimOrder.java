import example.walletd.Capture;
import example.walletd.Credit;
import example.walletd.Hold;
import example.walletd.Money;
import example.walletd.MutationResult;
import example.walletd.OpenWallet;
import example.walletd.Release;
import example.walletd.WalletClient;
import example.walletd.WalletRef;
import java.time.Duration;
import java.util.List;

/** Orders eSIMs: holds the price, orders the profile, takes or gives back. Its argument is the server's address. */
public class EsimOrder {
    public static void main(String[] args) {
        try (WalletClient client = WalletClient.connect(args[0])) {
            WalletRef wallet = WalletRef.of("user-33", "EUR");
            client.openWallet(OpenWallet.of("user-33", "EUR", "signup"));
            MutationResult start = client.credit(Credit.of(wallet, 3_000, "topup"));
            for (String plan : List.of("Japan 5 GB", "Atlantis 1 GB")) {
                order(client, wallet, plan, 1_250);
            }
            long left = client.getBalance(wallet).available();
            System.out.println("left: " + Money.format(left, start.exponent()));
        }
    }

    static void order(WalletClient client, WalletRef wallet, String plan, long price) {
        // Given back by itself after 15 minutes, should this program die.
        Hold hold = Hold.of(wallet, price, Duration.ofMinutes(15), "esim.reserve").reference(plan);
        MutationResult held = client.hold(hold);
        long id = held.transaction().id();
        System.out.println(plan + ": held " + held.held());
        try {
            orderProfile(plan);
        } catch (IllegalStateException e) {
            MutationResult released = client.release(Release.of(id, "esim.unavailable"));
            System.out.println(plan + ": released, available " + released.available());
            return;
        }
        MutationResult captured = client.capture(Capture.all(id, "esim.activate"));
        System.out.println(plan + ": paid, available " + captured.available());
    }

    /** Stands for the call of an eSIM provider. */
    static void orderProfile(String plan) {
        if (plan.startsWith("Atlantis")) {
            throw new IllegalStateException("no such country");
        }
    }
}
