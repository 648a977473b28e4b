package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Takes an amount of a hold, or all that is left of it. It never fails for funds or limits. Rejected with {@link
 * Reason#HOLD_CAPTURED}, {@link Reason#HOLD_RELEASED} or {@link Reason#HOLD_EXPIRED} if the hold has ended, and with
 * {@link Reason#HOLD_AMOUNT_EXCEEDED} if less is left of it.
 */
public final class Capture extends WalletChange<Capture> {
    private Capture(Pb.CaptureRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * {@code amount} is in minor units, from 1; 0 is an IllegalArgumentException. {@code reason} is a short code of
     * {@code [a-z0-9._-]}, at most 64 bytes.
     */
    public static Capture of(long holdId, long amount, String reason) {
        Convert.part(amount);
        return new Capture(
                Pb.CaptureRequest.newBuilder()
                        .setHoldId(holdId)
                        .setAmount(amount)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    /**
     * Takes all that is left, and then the capture is final. {@code reason} is a short code of {@code [a-z0-9._-]}, at
     * most 64 bytes.
     */
    public static Capture all(long holdId, String reason) {
        return new Capture(
                Pb.CaptureRequest.newBuilder()
                        .setHoldId(holdId)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    /** Whether nothing more will be captured: the rest is given back. */
    public Capture isFinal(boolean is) {
        return set("final", is);
    }

    /** The currency of the amount: it must be the wallet's. */
    public Capture currency(String code) {
        return set("currency", code);
    }

    /** What stands against it in double entry; when not given {@code sales}. */
    public Capture counterAccount(String name) {
        return set("counter_account", name);
    }

    @Override
    Capture with(Message message, boolean retryOfUnknown) {
        return new Capture((Pb.CaptureRequest) message, retryOfUnknown);
    }
}
