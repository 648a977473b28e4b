package example.walletd;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that don't change, such as a digest. Their text is hexadecimal. */
public final class Bytes {
    private final byte[] bytes;

    Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the bytes. */
    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    /** Of hexadecimal digits. Throws IllegalArgumentException for other text. */
    public static Bytes ofHex(String digits) {
        return new Bytes(HexFormat.of().parseHex(digits));
    }

    /** Their count. */
    public int size() {
        return bytes.length;
    }

    /** A copy of them. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** Whether the other bytes are the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    /** Fits {@link #equals}. */
    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Two hexadecimal digits in lower case for each byte. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
