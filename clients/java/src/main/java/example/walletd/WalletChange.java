package example.walletd;

import com.google.protobuf.Message;

/**
 * A mutation of a wallet that is there.
 *
 * @param <M> the mutation itself
 */
public abstract sealed class WalletChange<M extends WalletChange<M>> extends WalletMutation<M>
        permits Debit, Credit, Transfer, Hold, Capture, Release, Refund, Freeze, Unfreeze, SetLimits, CloseWallet {
    WalletChange(Message message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /** The wallet's version must be this one, of a transfer its source's; 0: it isn't checked. */
    public final M expectedVersion(long version) {
        return set("expected_version", version);
    }
}
