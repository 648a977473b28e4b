package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/** Opens a wallet with a balance of 0. Rejected with {@link Reason#WALLET_EXISTS} if there is one. */
public final class OpenWallet extends WalletMutation<OpenWallet> {
    private OpenWallet(Pb.OpenWalletRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * Opens the wallet {@code main} of an owner in a currency. {@code reason} is a short code of {@code [a-z0-9._-]},
     * at most 64 bytes.
     */
    public static OpenWallet of(String ownerId, String currency, String reason) {
        return new OpenWallet(
                Pb.OpenWalletRequest.newBuilder()
                        .setWallet(WalletRef.of(ownerId, currency).message())
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    /**
     * Opens a wallet by its name, at most 32 bytes. {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64
     * bytes.
     */
    public static OpenWallet of(String ownerId, String currency, String name, String reason) {
        return new OpenWallet(
                Pb.OpenWalletRequest.newBuilder()
                        .setWallet(WalletRef.of(ownerId, currency, name).message())
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    OpenWallet with(Message message, boolean retryOfUnknown) {
        return new OpenWallet((Pb.OpenWalletRequest) message, retryOfUnknown);
    }
}
