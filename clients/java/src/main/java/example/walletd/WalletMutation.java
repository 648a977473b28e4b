package example.walletd;

import com.google.protobuf.Message;

/**
 * A mutation of a wallet; it may stand in a {@link Batch}.
 *
 * @param <M> the mutation itself
 */
public abstract sealed class WalletMutation<M extends WalletMutation<M>> extends Mutation<M>
        permits OpenWallet, WalletChange {
    WalletMutation(Message message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }
}
