package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Gives back what is left of a hold. Rejected with {@link Reason#HOLD_CAPTURED}, {@link Reason#HOLD_RELEASED} or {@link
 * Reason#HOLD_EXPIRED} if it has ended.
 */
public final class Release extends WalletChange<Release> {
    private Release(Pb.ReleaseRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /** {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes. */
    public static Release of(long holdId, String reason) {
        return new Release(
                Pb.ReleaseRequest.newBuilder()
                        .setHoldId(holdId)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    Release with(Message message, boolean retryOfUnknown) {
        return new Release((Pb.ReleaseRequest) message, retryOfUnknown);
    }
}
