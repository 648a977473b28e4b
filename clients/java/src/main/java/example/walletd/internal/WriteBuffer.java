package example.walletd.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that grow; integers are big-endian. */
public final class WriteBuffer {
    private byte[] bytes;
    private int size;

    /** An empty buffer with room for so many bytes. */
    public WriteBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    /** The count of bytes. */
    public int size() {
        return size;
    }

    /** Forgets all bytes, and the memory of more than so many. */
    public void clear(int capacityMax) {
        size = 0;
        if (bytes.length > capacityMax) {
            bytes = new byte[capacityMax];
        }
    }

    /** Appends bytes. */
    public void put(byte[] data) {
        room(data.length);
        System.arraycopy(data, 0, bytes, size, data.length);
        size += data.length;
    }

    /** Appends the bytes of another buffer. */
    public void put(WriteBuffer other) {
        room(other.size);
        System.arraycopy(other.bytes, 0, bytes, size, other.size);
        size += other.size;
    }

    /** A view of the bytes, to be written. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    byte[] array() {
        return bytes;
    }

    void putByte(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void putShort(int value) {
        putByte(value >>> 8);
        putByte(value);
    }

    void putInt(int value) {
        putShort(value >>> 16);
        putShort(value);
    }

    static int intAt(byte[] bytes, int at) {
        int high = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        return high << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }

    private void room(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(size + count, 2 * bytes.length));
        }
    }
}
