package example.walletd;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The secret of a token: 32 random bytes, of which the server is told a SHA-256 only. Its text doesn't show it. */
public final class TokenSecret {
    private static final int SIZE = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;

    private TokenSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new one. */
    public static TokenSecret create() {
        byte[] bytes = new byte[SIZE];
        RANDOM.nextBytes(bytes);
        return new TokenSecret(bytes);
    }

    /** One that was made before: 32 bytes, else an IllegalArgumentException. */
    public static TokenSecret of(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a secret has 32 bytes, not " + bytes.length);
        }
        return new TokenSecret(bytes.clone());
    }

    /** A copy of its bytes, to be kept where nobody else reads it. */
    public byte[] toArray() {
        return bytes.clone();
    }

    byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    String token(long id) {
        return "wlt_" + id + "_" + HexFormat.of().formatHex(bytes);
    }

    /** Whether the other secret is the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TokenSecret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /** Fits {@link #equals}. */
    @Override
    public int hashCode() {
        return Bytes.of(digest()).hashCode();
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "(secret)";
    }
}
