package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Ends a wallet; its name is never used again. Rejected with {@link Reason#WALLET_NOT_EMPTY} unless its balance is 0
 * and it has no open holds.
 */
public final class CloseWallet extends WalletChange<CloseWallet> {
    private CloseWallet(Pb.CloseWalletRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /** {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes. */
    public static CloseWallet of(WalletRef wallet, String reason) {
        return new CloseWallet(
                Pb.CloseWalletRequest.newBuilder()
                        .setWallet(wallet.message())
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    CloseWallet with(Message message, boolean retryOfUnknown) {
        return new CloseWallet((Pb.CloseWalletRequest) message, retryOfUnknown);
    }
}
