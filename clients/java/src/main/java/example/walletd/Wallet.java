package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;

/**
 * A wallet with all its columns. Amounts are minor units.
 *
 * @param id its id
 * @param ownerId its owner
 * @param currency of all amounts
 * @param exponent digits after the point
 * @param name its name, {@code main} unless it was given another
 * @param status whether it is in use
 * @param balance posted
 * @param held of it, in holds
 * @param available balance - held + overdraftLimit
 * @param overdraftLimit how far it may fall below zero
 * @param version the count of its transactions
 * @param createdAt when it was opened
 * @param createdBy by whom
 * @param updatedAt when it last changed
 * @param updatedBy by whom
 * @param expiryPending holds have ended whose rows aren't written yet; held and available are without them
 * @param commitSeq the place of the journal that this answer reflects
 */
public record Wallet(
        long id,
        String ownerId,
        String currency,
        int exponent,
        String name,
        WalletStatus status,
        long balance,
        long held,
        long available,
        long overdraftLimit,
        long version,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        boolean expiryPending,
        long commitSeq) {
    static Wallet of(Pb.Wallet m, long commitSeq) {
        return new Wallet(
                m.getId(),
                m.getOwnerId(),
                m.getCurrency(),
                m.getExponent(),
                m.getName(),
                WalletStatus.of(m.getStatusValue()),
                m.getBalance(),
                m.getHeld(),
                m.getAvailable(),
                m.getOverdraftLimit(),
                m.getVersion(),
                Convert.time(m.getCreatedAtMicros()),
                m.getCreatedBy(),
                Convert.time(m.getUpdatedAtMicros()),
                m.getUpdatedBy(),
                m.getExpiryPending(),
                commitSeq);
    }

    /** Names the wallet by its id. */
    public WalletRef ref() {
        return WalletRef.ofId(id);
    }
}
