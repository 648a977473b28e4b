package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Adds an account that may stand against wallets in double entry. Rejected with {@link Reason#COUNTER_ACCOUNT_EXISTS}
 * if there is one of that name.
 */
public final class AddCounterAccount extends AdministrationMutation<AddCounterAccount> {
    private AddCounterAccount(Pb.AddCounterAccountRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * {@code name} is at most 32 bytes of {@code [a-z0-9._-]}. {@code reason} is a short code of {@code [a-z0-9._-]},
     * at most 64 bytes.
     */
    public static AddCounterAccount of(String name, String reason) {
        return new AddCounterAccount(
                Pb.AddCounterAccountRequest.newBuilder()
                        .setName(Convert.text("name", name))
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    AddCounterAccount with(Message message, boolean retryOfUnknown) {
        return new AddCounterAccount((Pb.AddCounterAccountRequest) message, retryOfUnknown);
    }
}
