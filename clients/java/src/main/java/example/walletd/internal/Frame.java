package example.walletd.internal;

import java.util.zip.CRC32;

/**
 * One frame of WRP/1, which proto/WIRE.md specifies.
 *
 * @param type one of the constants below
 * @param flags bits such as {@link #NOT_EXECUTED}
 * @param code REQUEST: the number of the method; RESPONSE: the status; else 0
 * @param requestId unsigned; 0 for the connection itself
 * @param millis unsigned; REQUEST: the deadline; RESPONSE: when to try again; else 0
 * @param payload a protobuf message, or as the type says
 */
public record Frame(int type, int flags, int code, int requestId, int millis, byte[] payload) {
    /** What a client writes before its first frame. */
    public static final byte[] PREFACE = {'W', 'R', 'P', '/', '1', '\r', '\n', 0};

    /** The bytes of the length field, which counts what follows it. */
    public static final int LENGTH_BYTES = 4;

    /** The bytes before the payload, the length field included. */
    public static final int HEADER_BYTES = 20;

    /** The client's first frame. */
    public static final int HELLO = 1;

    /** The server's answer to HELLO. */
    public static final int HELLO_ACK = 2;

    /** A call. */
    public static final int REQUEST = 3;

    /** The one answer to a call. */
    public static final int RESPONSE = 4;

    /** Takes a call back. */
    public static final int CANCEL = 5;

    /** Asks for a sign of life. */
    public static final int PING = 6;

    /** Gives one. */
    public static final int PONG = 7;

    /** The server is about to leave. */
    public static final int GOAWAY = 8;

    /** The server closes the connection, and says why. */
    public static final int CONNECTION_ERROR = 9;

    /** One item of a stream. */
    public static final int EVENT = 10;

    /** Of a RESPONSE: this attempt had no effect and never will. */
    public static final int NOT_EXECUTED = 0x02;

    /** Of a RESPONSE: the key was known, and the first result is answered again. */
    public static final int REPLAYED = 0x04;

    /** Of the EVENT before a RESPONSE that is OK. */
    public static final int LAST = 0x08;

    private static final byte[] NOTHING = {};

    private static final String[] NAMES = {
        "?", "HELLO", "HELLO_ACK", "REQUEST", "RESPONSE", "CANCEL", "PING", "PONG", "GOAWAY", "CONNECTION_ERROR",
        "EVENT"
    };

    /** A frame without flags, code and millis. */
    public static Frame of(int type, int requestId, byte[] payload) {
        return new Frame(type, 0, 0, requestId, 0, payload);
    }

    /** A frame of a mere type and id. */
    public static Frame of(int type, int requestId) {
        return of(type, requestId, NOTHING);
    }

    /** Whether a flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The type in words. */
    public String typeName() {
        return NAMES[type];
    }

    /** Appends the bytes of this frame. */
    public void appendTo(WriteBuffer out) {
        int start = out.size();
        out.putInt(HEADER_BYTES - LENGTH_BYTES + payload.length);
        out.putByte(type);
        out.putByte(flags);
        out.putShort(code);
        out.putInt(requestId);
        out.putInt(millis);
        CRC32 crc = new CRC32();
        crc.update(out.array(), start + LENGTH_BYTES, 12);
        crc.update(payload);
        out.putInt((int) crc.getValue());
        out.put(payload);
    }

    /** The bytes of this frame. */
    public byte[] encode() {
        WriteBuffer out = new WriteBuffer(HEADER_BYTES + payload.length);
        appendTo(out);
        return out.toBytes();
    }

    static Frame decode(byte[] bytes, int start, int size) throws FrameException {
        CRC32 crc = new CRC32();
        crc.update(bytes, start + LENGTH_BYTES, 12);
        crc.update(bytes, start + HEADER_BYTES, size - HEADER_BYTES);
        if ((int) crc.getValue() != WriteBuffer.intAt(bytes, start + 16)) {
            throw new FrameException("checksum", "the checksum of a frame is wrong");
        }
        int type = bytes[start + 4] & 0xff;
        int flags = bytes[start + 5] & 0xff;
        if (type < HELLO || type > EVENT) {
            throw new FrameException("type", "frame type " + type + " is unknown");
        }
        int known = type == RESPONSE ? NOT_EXECUTED | REPLAYED : type == EVENT ? LAST : 0;
        // Unknown bits of the low nibble are errors, those of the high one are ignored.
        if ((flags & 0x0f & ~known) != 0) {
            throw new FrameException("flags", "flags " + flags + " do not belong on a " + NAMES[type]);
        }
        byte[] payload = size == HEADER_BYTES ? NOTHING : new byte[size - HEADER_BYTES];
        System.arraycopy(bytes, start + HEADER_BYTES, payload, 0, payload.length);
        int code = (bytes[start + 6] & 0xff) << 8 | bytes[start + 7] & 0xff;
        return new Frame(
                type, flags, code, WriteBuffer.intAt(bytes, start + 8), WriteBuffer.intAt(bytes, start + 12), payload);
    }
}
