package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Gives back a debit or a capture, or a part of it. All refunds of one together never exceed it: rejected with {@link
 * Reason#REFUND_EXCEEDS_ORIGINAL}; with {@link Reason#NOT_REFUNDABLE} what is neither a debit nor a capture.
 */
public final class Refund extends WalletChange<Refund> {
    private Refund(Pb.RefundRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * {@code amount} is in minor units, from 1; 0 is an IllegalArgumentException. {@code reason} is a short code of
     * {@code [a-z0-9._-]}, at most 64 bytes.
     */
    public static Refund of(long transactionId, long amount, String reason) {
        Convert.part(amount);
        return new Refund(
                Pb.RefundRequest.newBuilder()
                        .setTransactionId(transactionId)
                        .setAmount(amount)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    /**
     * Gives back all that wasn't refunded yet. {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes.
     */
    public static Refund all(long transactionId, String reason) {
        return new Refund(
                Pb.RefundRequest.newBuilder()
                        .setTransactionId(transactionId)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    /** The currency of the amount: it must be the wallet's. */
    public Refund currency(String code) {
        return set("currency", code);
    }

    /** What stands against it in double entry; when not given {@code refunds}. */
    public Refund counterAccount(String name) {
        return set("counter_account", name);
    }

    @Override
    Refund with(Message message, boolean retryOfUnknown) {
        return new Refund((Pb.RefundRequest) message, retryOfUnknown);
    }
}
