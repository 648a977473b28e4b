package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Asks for the transactions of a wallet, newest first.
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class ListTransactions extends Asked<ListTransactions> {
    private ListTransactions(Pb.ListTransactionsRequest message) {
        super(message);
    }

    /** The transactions of this wallet. */
    public static ListTransactions of(WalletRef wallet) {
        return new ListTransactions(Pb.ListTransactionsRequest.newBuilder().setWallet(wallet.message()).build());
    }

    /** What they must have. */
    public ListTransactions filter(TransactionFilter filter) {
        return set("filter", filter.message);
    }

    /** Whether the oldest come first instead of the newest. */
    public ListTransactions oldestFirst(boolean is) {
        return set("oldest_first", is);
    }

    /** How many rows a page has at most: 1,000, and 512 KiB. When not given 50. */
    public ListTransactions pageSize(int count) {
        return set("page_size", count("pageSize", count));
    }

    /** The {@code nextCursor} of the page before, of a list that asks for the same. */
    public ListTransactions cursor(String cursor) {
        return set("cursor", cursor);
    }

    @Override
    ListTransactions with(Message message) {
        return new ListTransactions((Pb.ListTransactionsRequest) message);
    }
}
