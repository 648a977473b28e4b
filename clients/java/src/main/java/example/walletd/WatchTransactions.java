package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.time.Duration;
import java.util.Collection;

/**
 * Asks for every transaction behind a place of the journal and then each new one.
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class WatchTransactions extends Asked<WatchTransactions> {
    private final Duration patience;

    private WatchTransactions(Pb.WatchTransactionsRequest message, Duration patience) {
        super(message);
        this.patience = patience;
    }

    /** What comes from now on. */
    public static WatchTransactions fromNow() {
        return new WatchTransactions(Pb.WatchTransactionsRequest.newBuilder().setFromNow(true).build(), null);
    }

    /** Everything from the first row on. */
    public static WatchTransactions fromBeginning() {
        return after(0);
    }

    /** What comes behind a transaction's id or a {@code commitSeq}. */
    public static WatchTransactions after(long place) {
        return new WatchTransactions(Pb.WatchTransactionsRequest.newBuilder().setAfterSeq(place).build(), null);
    }

    /** What comes behind the event that had this token. */
    public static WatchTransactions resume(String token) {
        Convert.text("token", token);
        return new WatchTransactions(Pb.WatchTransactionsRequest.newBuilder().setResumeToken(token).build(), null);
    }

    /** Only of these wallets, at most 1,000. */
    public WatchTransactions wallets(Collection<Long> ids) {
        return with(request().toBuilder().clearWalletIds().addAllWalletIds(ids).build());
    }

    /** Only of these kinds. */
    public WatchTransactions kinds(TransactionKind... kinds) {
        Pb.WatchTransactionsRequest.Builder copy = request().toBuilder().clearKinds();
        for (TransactionKind kind : kinds) {
            copy.addKindsValue(kind.number());
        }
        return with(copy.build());
    }

    /** How long the server may be away before the watch ends; when not given as long as it likes. */
    public WatchTransactions patience(Duration patience) {
        return new WatchTransactions(request(), patience);
    }

    Pb.WatchTransactionsRequest request() {
        return (Pb.WatchTransactionsRequest) message;
    }

    /** Null: without an end. */
    Duration givenPatience() {
        return patience;
    }

    @Override
    WatchTransactions with(Message message) {
        return new WatchTransactions((Pb.WatchTransactionsRequest) message, patience);
    }
}
