package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.time.Instant;

/**
 * Asks for refusals, newest first; what isn't said excludes nothing.
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class ListRefusals extends Asked<ListRefusals> {
    private ListRefusals(Pb.ListRefusalsRequest message) {
        super(message);
    }

    /** All of them. */
    public static ListRefusals all() {
        return new ListRefusals(Pb.ListRefusalsRequest.newBuilder().build());
    }

    /** Only those that this wallet's address led to. */
    public ListRefusals wallet(WalletRef wallet) {
        return set("wallet", wallet.message());
    }

    /** Only rows that were stored at this time or later. */
    public ListRefusals from(Instant time) {
        return set("from_micros", Convert.micros(time));
    }

    /** Only rows that were stored before this time. */
    public ListRefusals before(Instant time) {
        return set("before_micros", Convert.micros(time));
    }

    /** Only for one of these reasons. */
    public ListRefusals reasons(Reason... reasons) {
        Pb.ListRefusalsRequest.Builder copy = ((Pb.ListRefusalsRequest) message).toBuilder().clearReasons();
        for (Reason reason : reasons) {
            copy.addReasonsValue(Math.max(0, reason.number()));
        }
        return with(copy.build());
    }

    /** Only of this actor. */
    public ListRefusals actor(String actor) {
        return set("actor", actor);
    }

    /** Only of this owner, as the requests named it. */
    public ListRefusals ownerId(String ownerId) {
        return set("owner_id", ownerId);
    }

    /** Whether the oldest come first instead of the newest. */
    public ListRefusals oldestFirst(boolean is) {
        return set("oldest_first", is);
    }

    /** How many rows a page has at most: 1,000, and 512 KiB. When not given 50. */
    public ListRefusals pageSize(int count) {
        return set("page_size", count("pageSize", count));
    }

    /** The {@code nextCursor} of the page before, of a list that asks for the same. */
    public ListRefusals cursor(String cursor) {
        return set("cursor", cursor);
    }

    @Override
    ListRefusals with(Message message) {
        return new ListRefusals((Pb.ListRefusalsRequest) message);
    }
}
