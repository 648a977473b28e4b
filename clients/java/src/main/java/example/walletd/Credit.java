package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/** Puts an amount into a wallet. */
public final class Credit extends WalletChange<Credit> {
    private Credit(Pb.CreditRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * {@code amount} is in minor units, from 1. {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64
     * bytes.
     */
    public static Credit of(WalletRef wallet, long amount, String reason) {
        return new Credit(
                Pb.CreditRequest.newBuilder()
                        .setWallet(wallet.message())
                        .setAmount(amount)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    /** What stands against it in double entry; when not given {@code funding}. */
    public Credit counterAccount(String name) {
        return set("counter_account", name);
    }

    @Override
    Credit with(Message message, boolean retryOfUnknown) {
        return new Credit((Pb.CreditRequest) message, retryOfUnknown);
    }
}
