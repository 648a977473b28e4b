import example.walletd.Credit;
import example.walletd.Debit;
import example.walletd.DisconnectedException;
import example.walletd.Money;
import example.walletd.MutationResult;
import example.walletd.NotExecutedException;
import example.walletd.OpenWallet;
import example.walletd.OutcomeUnknownException;
import example.walletd.Reason;
import example.walletd.WalletClient;
import example.walletd.WalletException;
import example.walletd.WalletRef;
import java.util.function.Supplier;

/**
 * Pays orders over a connection that may be lost at any time: each is paid exactly once. Its argument is the server's
 * address.
 */
public class Retry {
    public static void main(String[] args) throws InterruptedException {
        try (WalletClient client = WalletClient.connect(args[0])) {
            WalletRef wallet = WalletRef.of("user-21", "EUR");
            forSure(() -> client.openWallet(OpenWallet.of("user-21", "EUR", "signup").key("signup-user-21")));
            forSure(() -> client.credit(Credit.of(wallet, 10_000, "topup").key("topup-user-21-1")));
            MutationResult last = null;
            for (int order = 1; order <= 20; order++) {
                // A key of the order's own, kept with it: it can be asked for again after a crash of this process, too.
                Debit payment = Debit.of(wallet, 100, "esim.purchase").key(String.format("order-%06d", order));
                last = forSure(() -> client.debit(payment));
            }
            String left = Money.format(last.available(), last.exponent());
            System.out.println("20 orders are paid, left are " + left + " " + last.currency());
        }
    }

    /**
     * Repeats a call until its outcome is known. The client itself tries again for as long as the call's deadline
     * allows; this is for what lasts longer. The same key can't move money twice.
     */
    static <T> T forSure(Supplier<T> call) throws InterruptedException {
        while (true) {
            try {
                return call.get();
            } catch (WalletException e) {
                boolean isOpen = e instanceof OutcomeUnknownException
                        || e instanceof DisconnectedException
                        || e instanceof NotExecutedException not && not.reason() == Reason.UNAVAILABLE;
                if (!isOpen) {
                    throw e; // refused: it will be the next time, too
                }
                System.err.println("again: " + e.getMessage());
                Thread.sleep(50);
            }
        }
    }
}
