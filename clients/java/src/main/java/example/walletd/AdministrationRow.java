package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;
import java.util.Map;

/**
 * One immutable row of the journal that changes no wallet.
 *
 * @param id its place in the journal; 0 in a dry run
 * @param verb such as {@code REGISTER_CURRENCY}
 * @param subject the currency's code, the counter-account's name, or the token's principal
 * @param exponent of a currency
 * @param tokenId that was created or revoked; else 0
 * @param actor who did it
 * @param onBehalfOf for whom
 * @param reason why, a short code
 * @param note free text
 * @param reference of the caller's own records
 * @param idempotencyKey of the mutation
 * @param requestDigest of the request
 * @param correlationId of the caller's trace
 * @param source the caller's address
 * @param clientName as the caller calls itself
 * @param metadata pairs of the caller's own
 * @param occurredAt business time; null: not given
 * @param createdAt when it was stored; null in a dry run
 * @param detail what an open, a hold, a freeze or limits set, as docs/ROW.md has it
 * @param digest over this row and the one before it
 * @param lane of the journal
 * @param rowFormat of the digest
 */
public record AdministrationRow(
        long id,
        String verb,
        String subject,
        int exponent,
        long tokenId,
        String actor,
        String onBehalfOf,
        String reason,
        String note,
        String reference,
        String idempotencyKey,
        Bytes requestDigest,
        String correlationId,
        String source,
        String clientName,
        Map<String, String> metadata,
        Instant occurredAt,
        Instant createdAt,
        Bytes detail,
        Bytes digest,
        int lane,
        int rowFormat) {
    static AdministrationRow of(Pb.AdministrationRow m) {
        return new AdministrationRow(
                m.getId(),
                Convert.verb(m.getVerb()),
                m.getSubject(),
                m.getExponent(),
                m.getTokenId(),
                m.getActor(),
                m.getOnBehalfOf(),
                m.getReason(),
                m.getNote(),
                m.getReference(),
                m.getIdempotencyKey(),
                Convert.bytes(m.getRequestDigest()),
                m.getCorrelationId(),
                m.getSource(),
                m.getClientName(),
                Convert.metadata(m.getMetadataList()),
                Convert.time(m.getOccurredAtMicros()),
                Convert.time(m.getCreatedAtMicros()),
                Convert.bytes(m.getDetail()),
                Convert.bytes(m.getDigest()),
                m.getLane(),
                m.getRowFormat());
    }
}
