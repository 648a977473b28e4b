package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/** Lifts a wallet's freeze, or one side of it. */
public final class Unfreeze extends WalletChange<Unfreeze> {
    private Unfreeze(Pb.UnfreezeRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /** {@code scope} is what is lifted. {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes. */
    public static Unfreeze of(WalletRef wallet, FreezeScope scope, String reason) {
        return new Unfreeze(
                Pb.UnfreezeRequest.newBuilder()
                        .setWallet(wallet.message())
                        .setScopeValue(scope.number())
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    Unfreeze with(Message message, boolean retryOfUnknown) {
        return new Unfreeze((Pb.UnfreezeRequest) message, retryOfUnknown);
    }
}
