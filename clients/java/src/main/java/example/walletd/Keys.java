package example.walletd;

import java.security.SecureRandom;
import java.util.UUID;

/** Idempotency keys. */
public final class Keys {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The bits that are neither version nor variant. */
    private static final long COUNTED = (1L << 62) - 1;

    private Keys() {}

    /**
     * A fresh key: a UUIDv7 (RFC 9562), random in its last 74 bits, whose leading time keeps the server's index of keys
     * compact.
     */
    public static String create() {
        long millis = System.currentTimeMillis() & (1L << 48) - 1;
        long high = millis << 16 | 0x7000 | RANDOM.nextInt(1 << 12);
        long low = 1L << 63 | RANDOM.nextLong() & COUNTED;
        return new UUID(high, low).toString();
    }

    /**
     * The key so many places after the first one, a UUID as {@link #create} writes it, counted in its last 62 bits.
     *
     * @throws IllegalArgumentException when the first one is none
     */
    static String counted(String first, int index) {
        UUID uuid;
        try {
            uuid = UUID.fromString(first);
        } catch (IllegalArgumentException e) {
            uuid = null;
        }
        if (uuid == null || !uuid.toString().equals(first)) {
            throw new IllegalArgumentException(
                    "the key that items get theirs from is a UUID in lower case, not \"" + first + "\"");
        }
        long low = uuid.getLeastSignificantBits();
        return new UUID(uuid.getMostSignificantBits(), low & ~COUNTED | low + index & COUNTED).toString();
    }
}
