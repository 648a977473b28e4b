package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;
import java.util.List;

/**
 * What was granted; of a secret there is nothing to show.
 *
 * @param tokenId the place of its row in the journal
 * @param principal who it lets in
 * @param certificateName of a grant to a certificate; else empty
 * @param unixUser of a grant to a Unix user; else 0
 * @param kind how
 * @param scopes what it may do
 * @param currencies only wallets in one of them; empty: in all
 * @param ownerPrefix only wallets of owners whose ids begin so; empty: of all
 * @param maxAmount of one mutation, minor units; 0: no bound
 * @param expiresAt null: never
 * @param createdAt when it was granted
 * @param revokedAt null: it wasn't
 */
public record Token(
        long tokenId,
        String principal,
        String certificateName,
        int unixUser,
        TokenKind kind,
        List<String> scopes,
        List<String> currencies,
        String ownerPrefix,
        long maxAmount,
        Instant expiresAt,
        Instant createdAt,
        Instant revokedAt) {
    static Token of(Pb.Token m) {
        return new Token(
                m.getTokenId(),
                m.getPrincipal(),
                m.getCertificateName(),
                m.getUnixUser(),
                TokenKind.of(m.getKindValue()),
                List.copyOf(m.getScopesList()),
                List.copyOf(m.getCurrenciesList()),
                m.getOwnerPrefix(),
                m.getMaxAmount(),
                Convert.time(m.getExpiresAtMicros()),
                Convert.time(m.getCreatedAtMicros()),
                Convert.time(m.getRevokedAtMicros()));
    }
}
