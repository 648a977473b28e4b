package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Asks for what was granted, by rising id.
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class ListTokens extends Asked<ListTokens> {
    private ListTokens(Pb.ListTokensRequest message) {
        super(message);
    }

    /** All that wasn't revoked. */
    public static ListTokens all() {
        return new ListTokens(Pb.ListTokensRequest.newBuilder().build());
    }

    /** Only of this principal. */
    public ListTokens principal(String principal) {
        return set("principal", principal);
    }

    /** Whether those that were revoked are told, too. */
    public ListTokens withRevoked(boolean is) {
        return set("with_revoked", is);
    }

    /** How many rows a page has at most: 1,000. When not given 50. */
    public ListTokens pageSize(int count) {
        return set("page_size", count("pageSize", count));
    }

    /** The {@code nextCursor} of the page before, of a list that asks for the same. */
    public ListTokens cursor(String cursor) {
        return set("cursor", cursor);
    }

    @Override
    ListTokens with(Message message) {
        return new ListTokens((Pb.ListTokensRequest) message);
    }
}
