package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.time.Duration;

/**
 * Reserves an amount: it stays in the balance and isn't available until the hold is captured, released or has ended.
 * The id of its transaction is the hold's. Rejected with {@link Reason#INSUFFICIENT_FUNDS} if the wallet lacks the
 * amount.
 */
public final class Hold extends WalletChange<Hold> {
    private Hold(Pb.HoldRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * {@code amount} is in minor units, from 1. {@code timeout} is from 1 ms to 366 days, in whole milliseconds: the
     * server reckons the end by its own clock. {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes.
     */
    public static Hold of(WalletRef wallet, long amount, Duration timeout, String reason) {
        if (timeout.getNano() % 1_000_000 != 0) {
            throw new IllegalArgumentException("the timeout of a hold is in whole milliseconds, not " + timeout);
        }
        return new Hold(
                Pb.HoldRequest.newBuilder()
                        .setWallet(wallet.message())
                        .setAmount(amount)
                        .setTimeoutMillis(timeout.toMillis())
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    Hold with(Message message, boolean retryOfUnknown) {
        return new Hold((Pb.HoldRequest) message, retryOfUnknown);
    }
}
