package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/** Puts a token's callers out, at once and for good: its open connections are closed. */
public final class RevokeToken extends AdministrationMutation<RevokeToken> {
    private RevokeToken(Pb.RevokeTokenRequest message, boolean retryOfUnknown) {
        super(message, retryOfUnknown);
    }

    /** {@code reason} is a short code of {@code [a-z0-9._-]}, at most 64 bytes. */
    public static RevokeToken of(long tokenId, String reason) {
        return new RevokeToken(
                Pb.RevokeTokenRequest.newBuilder()
                        .setTokenId(tokenId)
                        .setReason(Convert.text("reason", reason))
                        .build(),
                false);
    }

    @Override
    RevokeToken with(Message message, boolean retryOfUnknown) {
        return new RevokeToken((Pb.RevokeTokenRequest) message, retryOfUnknown);
    }
}
