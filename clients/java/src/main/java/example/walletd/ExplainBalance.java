package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.time.Instant;

/**
 * Asks why a wallet's balance is what it is: its rows added up anew, and what stands in the way of its money.
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class ExplainBalance extends Asked<ExplainBalance> {
    private ExplainBalance(Pb.ExplainBalanceRequest message) {
        super(message);
    }

    /** Why the balance of this wallet is what it is. */
    public static ExplainBalance of(WalletRef wallet) {
        return new ExplainBalance(Pb.ExplainBalanceRequest.newBuilder().setWallet(wallet.message()).build());
    }

    /** What was stored before this time is the opening balance; when not given there is none. */
    public ExplainBalance from(Instant time) {
        return set("from_micros", Convert.micros(time));
    }

    /** How many of the newest rows are told, at most 100; when not given 10. */
    public ExplainBalance lastChanges(int count) {
        return set("last_changes", count("lastChanges", count));
    }

    @Override
    ExplainBalance with(Message message) {
        return new ExplainBalance((Pb.ExplainBalanceRequest) message);
    }
}
