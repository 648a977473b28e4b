package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Moves an amount from one wallet to another of the same currency, at once or not at all. Rejected with {@link
 * Reason#INSUFFICIENT_FUNDS} if the source lacks it, and with {@link Reason#SAME_WALLET} or {@link
 * Reason#CURRENCY_MISMATCH} where the two don't fit.
 */
public final class Transfer extends WalletChange<Transfer> {
    private Transfer(Pb.TransferRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * {@code amount} is in minor units, from 1. {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64
     * bytes.
     */
    public static Transfer of(WalletRef source, WalletRef destination, long amount, String reason) {
        return new Transfer(
                Pb.TransferRequest.newBuilder()
                        .setWallet(source.message())
                        .setTo(destination.message())
                        .setAmount(amount)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    Transfer with(Message message, boolean retryOfUnknown) {
        return new Transfer((Pb.TransferRequest) message, retryOfUnknown);
    }
}
