package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Makes a currency of one's own known, such as {@code ESIM-MB}. Its exponent never changes. Rejected with {@link
 * Reason#CURRENCY_EXISTS} if the code is known, be it of ISO 4217 or registered before.
 */
public final class RegisterCurrency extends AdministrationMutation<RegisterCurrency> {
    private RegisterCurrency(Pb.RegisterCurrencyRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /**
     * {@code code} is at most 16 bytes of {@code [A-Z0-9-]}, {@code exponent} the count of digits after the point, from
     * 0 to 18. {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes.
     */
    public static RegisterCurrency of(String code, int exponent, String reason) {
        return new RegisterCurrency(
                Pb.RegisterCurrencyRequest.newBuilder()
                        .setCode(Convert.text("code", code))
                        .setExponent(count("exponent", exponent))
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    RegisterCurrency with(Message message, boolean retryOfUnknown) {
        return new RegisterCurrency((Pb.RegisterCurrencyRequest) message, retryOfUnknown);
    }
}
