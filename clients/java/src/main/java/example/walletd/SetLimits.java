package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Sets a wallet's limits, all of them: those that are 0 are lifted. They apply to what was used already. Rejected with
 * {@link Reason#INSUFFICIENT_FUNDS} if the balance lies below the new overdraft.
 */
public final class SetLimits extends WalletChange<SetLimits> {
    private SetLimits(Pb.SetLimitsRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /** {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes. */
    public static SetLimits of(WalletRef wallet, WalletLimits limits, String reason) {
        return new SetLimits(
                Pb.SetLimitsRequest.newBuilder()
                        .setWallet(wallet.message())
                        .setLimits(limits.message())
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    SetLimits with(Message message, boolean retryOfUnknown) {
        return new SetLimits((Pb.SetLimitsRequest) message, retryOfUnknown);
    }
}
