package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What changes the ledger, and what every such call takes beside its own arguments; all of it may be left out. It
 * doesn't change: each setter gives a copy. Text that is no Unicode is an IllegalArgumentException.
 *
 * @param <M> the mutation itself
 */
public abstract sealed class Mutation<M extends Mutation<M>> extends Asked<M>
        permits WalletMutation, AdministrationMutation {
    final boolean retryOfUnknown;

    Mutation(Message message, boolean retryOfUnknown) {
        super(message);
        this.retryOfUnknown = retryOfUnknown;
    }

    abstract M with(Message message, boolean retryOfUnknown);

    @Override
    final M with(Message message) {
        return with(message, retryOfUnknown);
    }

    /**
     * The idempotency key, 8 to 64 printable ASCII characters; when it isn't given the client makes one. Give your own
     * when your process may die between asking and hearing, and keep it with your order.
     */
    public final M key(String key) {
        return set("idempotency_key", key);
    }

    /**
     * Says that an attempt of the key that this client doesn't know of, of another process perhaps, ended unknown: then
     * only OK, a replay or a remembered refusal will do, everything else is an {@link OutcomeUnknownException}.
     */
    public final M retryOfUnknown(boolean is) {
        return with(message, is);
    }

    /** Of the caller's own records, at most 128 bytes. */
    public final M reference(String reference) {
        return set("reference", reference);
    }

    /** Free text, at most 256 bytes. */
    public final M note(String note) {
        return set("note", note);
    }

    /** For whom, at most 64 bytes of {@code [A-Za-z0-9._:@-]}. */
    public final M onBehalfOf(String who) {
        return set("on_behalf_of", who);
    }

    /** At most 64 bytes of {@code [A-Za-z0-9._:@-]}, such as a W3C {@code traceparent}; it is passed on as it is. */
    public final M correlationId(String id) {
        return set("correlation_id", id);
    }

    /** The business time, in microseconds; it is stored and never used by a rule. */
    public final M occurredAt(Instant time) {
        return set("occurred_at_micros", Convert.micros(time));
    }

    /** At most 16 pairs and 1 KiB. They are sent in the order of their keys. */
    public final M metadata(Map<String, String> pairs) {
        Message.Builder copy = message.toBuilder();
        var field = copy.getDescriptorForType().findFieldByName("metadata");
        copy.clearField(field);
        new TreeMap<>(pairs).forEach((key, value) -> copy.addRepeatedField(field, entry(key, value)));
        return with(copy.build());
    }

    /**
     * Checks everything and gives the figures that would follow, but writes nothing: no row, no refusal, and the key
     * stays new. A key that is known already is answered as ever. Not for items of a batch, which has its own.
     */
    public final M dryRun(boolean is) {
        return set("dry_run", is);
    }

    private static Pb.MetadataEntry entry(String key, String value) {
        return Pb.MetadataEntry.newBuilder()
                .setKey(Convert.text("metadata", key))
                .setValue(Convert.text("metadata", value))
                .build();
    }

    /** Empty when it wasn't given. */
    final String givenKey() {
        return (String) message.getField(message.getDescriptorForType().findFieldByName("idempotency_key"));
    }

    final boolean isDryRun() {
        return (Boolean) message.getField(message.getDescriptorForType().findFieldByName("dry_run"));
    }
}
