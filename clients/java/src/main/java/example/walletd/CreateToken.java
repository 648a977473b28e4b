package example.walletd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.time.Instant;
import java.util.List;

/**
 * Lets a principal in, by a secret, a certificate or its Unix user. What isn't in its scopes is denied. A principal has
 * two live tokens at most: a third is rejected with {@link Reason#INVALID_ARGUMENT}.
 */
public final class CreateToken extends AdministrationMutation<CreateToken> {
    private final TokenSecret secret;

    private CreateToken(Pb.CreateTokenRequest message, boolean retryOfUnknown, TokenSecret secret) {
        super(message, retryOfUnknown);
        this.secret = secret;
    }

    private static CreateToken of(
            Pb.CreateTokenRequest.Builder message, String principal, String reason, TokenSecret secret) {
        message.setPrincipal(Convert.text("principal", principal)).setReason(Convert.text("reason", reason));
        return new CreateToken(message.build(), false, secret);
    }

    /**
     * By a secret, which is to be kept until the answer is in: the same call again takes the same one. {@code
     * principal} is at most 64 bytes of {@code [A-Za-z0-9._:@-]}, the actor of each row that it writes.
     */
    public static CreateToken bySecret(String principal, TokenSecret secret, String reason) {
        ByteString digest = ByteString.copyFrom(secret.digest());
        return of(Pb.CreateTokenRequest.newBuilder().setSecretDigest(digest), principal, reason, secret);
    }

    /** By a name in its certificate: the common name, a DNS name or a URI. */
    public static CreateToken byCertificate(String principal, String name, String reason) {
        Convert.text("name", name);
        return of(Pb.CreateTokenRequest.newBuilder().setCertificateName(name), principal, reason, null);
    }

    /** By its user at the other end of a Unix socket. */
    public static CreateToken byUnixUser(String principal, int user, String reason) {
        return of(Pb.CreateTokenRequest.newBuilder().setUnixUser(user), principal, reason, null);
    }

    /** What it may do: of read, debit, credit, hold, refund, transfer, freeze, limits, import and admin. */
    public CreateToken scopes(String... scopes) {
        return set("scopes", List.of(scopes));
    }

    /** Only wallets in one of these currencies. */
    public CreateToken currencies(String... codes) {
        return set("currencies", List.of(codes));
    }

    /** Only wallets of owners whose ids begin so. */
    public CreateToken ownerPrefix(String prefix) {
        return set("owner_prefix", prefix);
    }

    /** Only mutations of at most so much, in minor units; 0: no bound. */
    public CreateToken maxAmount(long amount) {
        return set("max_amount", amount);
    }

    /** When it ends by itself. */
    public CreateToken expiresAt(Instant time) {
        return set("expires_at_micros", Convert.micros(time));
    }

    TokenSecret secret() {
        return secret;
    }

    @Override
    CreateToken with(Message message, boolean retryOfUnknown) {
        return new CreateToken((Pb.CreateTokenRequest) message, retryOfUnknown, secret);
    }
}
