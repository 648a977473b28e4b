package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;
import java.util.Map;

/**
 * One immutable row of the journal: a mutation that was refused for a business reason, or any call that was denied,
 * which has no key.
 *
 * @param id its place in the journal
 * @param verb such as {@code DEBIT}
 * @param error as its caller was told
 * @param walletId that the address led to; 0: to none
 * @param wallet as it was given
 * @param amount minor units
 * @param counterAccount as it was given
 * @param currency of the wallet, or else as it was given
 * @param exponent of the currency, when that is known
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
 * @param digest over this row and the one before it
 * @param lane of the journal
 * @param rowFormat of the digest
 */
public record Refusal(
        long id,
        String verb,
        RejectedException error,
        long walletId,
        WalletRef wallet,
        long amount,
        String counterAccount,
        String currency,
        int exponent,
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
        Bytes digest,
        int lane,
        int rowFormat) {
    static Refusal of(Pb.Refusal m) {
        return new Refusal(
                m.getId(),
                Convert.verb(m.getVerb()),
                new RejectedException(Refusals.rejected(m.getError()), Convert.orNull(m.getIdempotencyKey())),
                m.getWalletId(),
                WalletRef.of(m.getWallet()),
                m.getAmount(),
                m.getCounterAccount(),
                m.getCurrency(),
                m.getExponent(),
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
                Convert.bytes(m.getDigest()),
                m.getLane(),
                m.getRowFormat());
    }
}
