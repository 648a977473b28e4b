package example.walletd.internal;

/** Makes frames of bytes that arrive in pieces of any size. It isn't thread-safe. */
public final class Deframer {
    private static final int CAPACITY = 64 * 1024;

    private byte[] buffer = new byte[CAPACITY];
    private int start;
    private int end;
    private int frameBytesMax;

    /** {@code frameBytesMax} bounds a whole frame, its length field included. */
    public Deframer(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /** Sets another bound for frames from now on. */
    public void setMax(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /**
     * Where bytes that arrive are to be put: {@link #room} of them at {@link #position}, which {@link #received} adds.
     */
    public byte[] array() {
        if (end == buffer.length) {
            makeRoom();
        }
        return buffer;
    }

    /** The place in {@link #array} of the next byte. */
    public int position() {
        return end;
    }

    /** How many bytes {@link #array} takes, at least 1. */
    public int room() {
        return buffer.length - end;
    }

    /** So many bytes have been put there. */
    public void received(int count) {
        end += count;
    }

    /** Adds bytes that have arrived. */
    public void feed(byte[] data) {
        for (int at = 0; at < data.length; ) {
            byte[] into = array();
            int count = Math.min(room(), data.length - at);
            System.arraycopy(data, at, into, end, count);
            received(count);
            at += count;
        }
    }

    /**
     * The next whole frame; null until more bytes arrive. A length is checked as soon as it is known, before the body
     * is waited for, and memory grows with what has arrived: a hostile length costs nothing.
     */
    public Frame next() throws FrameException {
        int available = end - start;
        if (available < Frame.LENGTH_BYTES) {
            return null;
        }
        long length = Integer.toUnsignedLong(WriteBuffer.intAt(buffer, start));
        long size = Frame.LENGTH_BYTES + length;
        if (size < Frame.HEADER_BYTES) {
            throw new FrameException("length_min", "a frame length of " + length + " is below 16");
        }
        if (size > frameBytesMax) {
            throw new FrameException("length_max", "a frame of " + size + " bytes is over " + frameBytesMax);
        }
        if (available < size) {
            return null;
        }
        Frame frame = Frame.decode(buffer, start, (int) size);
        start += (int) size;
        if (start == end) {
            start = 0;
            end = 0;
            if (buffer.length > CAPACITY) {
                buffer = new byte[CAPACITY];
            }
        }
        return frame;
    }

    /** Whether bytes of an unfinished frame are there. */
    public boolean isWithinFrame() {
        return start < end;
    }

    private void makeRoom() {
        int size = end - start;
        byte[] target = size > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
        System.arraycopy(buffer, start, target, 0, size);
        buffer = target;
        start = 0;
        end = size;
    }
}
