package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Asks for the wallets of an owner, by rising id.
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class ListWallets extends Asked<ListWallets> {
    private ListWallets(Pb.ListWalletsRequest message) {
        super(message);
    }

    /** The wallets of this owner. */
    public static ListWallets of(String ownerId) {
        return new ListWallets(Pb.ListWalletsRequest.newBuilder().setOwnerId(Convert.text("ownerId", ownerId)).build());
    }

    /** How many rows a page has at most: 1,000. When not given 50. */
    public ListWallets pageSize(int count) {
        return set("page_size", count("pageSize", count));
    }

    /** The {@code nextCursor} of the page before, of a list that asks for the same. */
    public ListWallets cursor(String cursor) {
        return set("cursor", cursor);
    }

    @Override
    ListWallets with(Message message) {
        return new ListWallets((Pb.ListWalletsRequest) message);
    }
}
