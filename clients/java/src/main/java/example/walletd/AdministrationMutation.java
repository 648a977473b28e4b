package example.walletd;

import com.google.protobuf.Message;

/**
 * A mutation of the ledger that changes no wallet.
 *
 * @param <M> the mutation itself
 */
public abstract sealed class AdministrationMutation<M extends AdministrationMutation<M>> extends Mutation<M>
        permits RegisterCurrency, AddCounterAccount, CreateToken, RevokeToken {
    AdministrationMutation(Message message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }
}
