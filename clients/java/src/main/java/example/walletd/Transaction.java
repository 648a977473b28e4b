package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;
import java.util.Map;

/**
 * One immutable row of the journal. Amounts are minor units.
 *
 * @param id its place in the journal; 0 in a dry run
 * @param kind what it did
 * @param walletId the wallet
 * @param walletVersion the wallet's version after it: 1, 2, 3 … without a gap
 * @param amount signed change of the balance
 * @param heldChange signed change of what is held
 * @param balance after it
 * @param held after it
 * @param overdraftLimit after it
 * @param counterAccount what stands against it; else empty
 * @param counterWalletId the other wallet of a transfer; else 0
 * @param holdId the hold; else 0
 * @param relatedTransactionId what is refunded; else 0
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
public record Transaction(
        long id,
        TransactionKind kind,
        long walletId,
        long walletVersion,
        long amount,
        long heldChange,
        long balance,
        long held,
        long overdraftLimit,
        String counterAccount,
        long counterWalletId,
        long holdId,
        long relatedTransactionId,
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
    static Transaction of(Pb.Transaction m) {
        return new Transaction(
                m.getId(),
                TransactionKind.of(m.getKindValue()),
                m.getWalletId(),
                m.getWalletVersion(),
                m.getAmount(),
                m.getHeldChange(),
                m.getBalance(),
                m.getHeld(),
                m.getOverdraftLimit(),
                m.getCounterAccount(),
                m.getCounterWalletId(),
                m.getHoldId(),
                m.getRelatedTransactionId(),
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
