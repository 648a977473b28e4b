package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.time.Instant;

/**
 * Stops a wallet for debits, credits or both, whether it is stopped already or not: the last freeze counts. What it
 * stops is rejected with {@link Reason#WALLET_FROZEN}; holds may still be released, and end in their time.
 */
public final class Freeze extends WalletChange<Freeze> {
    private Freeze(Pb.FreezeRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /** {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes. */
    public static Freeze of(WalletRef wallet, FreezeScope scope, String reason) {
        return new Freeze(
                Pb.FreezeRequest.newBuilder()
                        .setWallet(wallet.message())
                        .setScopeValue(scope.number())
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    /** When the freeze ends by itself; when not given it has to be lifted. */
    public Freeze until(Instant time) {
        return set("until_micros", Convert.micros(time));
    }

    @Override
    Freeze with(Message message, boolean retryOfUnknown) {
        return new Freeze((Pb.FreezeRequest) message, retryOfUnknown);
    }
}
