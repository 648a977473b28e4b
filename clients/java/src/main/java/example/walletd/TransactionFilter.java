package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.time.Instant;

/**
 * What transactions must have; what isn't said excludes nothing.
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class TransactionFilter extends Asked<TransactionFilter> {
    private TransactionFilter(Pb.TransactionFilter message) {
        super(message);
    }

    /** All of them. */
    public static TransactionFilter all() {
        return new TransactionFilter(Pb.TransactionFilter.newBuilder().build());
    }

    /** Only rows that were stored at this time or later. */
    public TransactionFilter from(Instant time) {
        return set("from_micros", Convert.micros(time));
    }

    /** Only rows that were stored before this time. */
    public TransactionFilter before(Instant time) {
        return set("before_micros", Convert.micros(time));
    }

    /** Only of one of these kinds. */
    public TransactionFilter kinds(TransactionKind... kinds) {
        Pb.TransactionFilter.Builder copy = ((Pb.TransactionFilter) message).toBuilder().clearKinds();
        for (TransactionKind kind : kinds) {
            copy.addKindsValue(kind.number());
        }
        return with(copy.build());
    }

    /** Only of exactly this reason. */
    public TransactionFilter reason(String reason) {
        return set("reason", reason);
    }

    /** Only of this actor. */
    public TransactionFilter actor(String actor) {
        return set("actor", actor);
    }

    /** Only of exactly this reference. */
    public TransactionFilter reference(String reference) {
        return set("reference", reference);
    }

    /**
     * Only of this amount or more: of the change of the balance without its sign, or of what a hold reserves; minor
     * units.
     */
    public TransactionFilter minAmount(long amount) {
        return set("min_amount", amount);
    }

    /** Only of this amount or less; 0: no bound. */
    public TransactionFilter maxAmount(long amount) {
        return set("max_amount", amount);
    }

    @Override
    TransactionFilter with(Message message) {
        return new TransactionFilter((Pb.TransactionFilter) message);
    }
}
