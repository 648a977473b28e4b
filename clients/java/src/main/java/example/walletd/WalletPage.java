package example.walletd;

import example.walletd.internal.Pb;
import java.util.List;

/**
 * A page of wallets.
 *
 * @param wallets by id, rising
 * @param nextCursor for the page behind it; empty: that was all
 * @param commitSeq the place of the journal that this answer reflects
 */
public record WalletPage(List<Wallet> wallets, String nextCursor, long commitSeq) {
    static WalletPage of(Pb.ListWalletsResponse m) {
        return new WalletPage(
                Convert.each(m.getWalletsList(), wallet -> Wallet.of(wallet, m.getCommitSeq())),
                m.getNextCursor(),
                m.getCommitSeq());
    }
}
