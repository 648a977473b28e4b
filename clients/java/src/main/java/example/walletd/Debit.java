package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/** Takes an amount out of a wallet. Rejected with {@link Reason#INSUFFICIENT_FUNDS} if it lacks it. */
public final class Debit extends WalletChange<Debit> {
    private Debit(Pb.DebitRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * {@code amount} is in minor units, from 1. {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64
     * bytes.
     */
    public static Debit of(WalletRef wallet, long amount, String reason) {
        return new Debit(
                Pb.DebitRequest.newBuilder()
                        .setWallet(wallet.message())
                        .setAmount(amount)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    /** What stands against it in double entry; when not given {@code sales}. */
    public Debit counterAccount(String name) {
        return set("counter_account", name);
    }

    @Override
    Debit with(Message message, boolean retryOfUnknown) {
        return new Debit((Pb.DebitRequest) message, retryOfUnknown);
    }
}
