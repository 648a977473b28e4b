package example.walletd;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;

/** A connected socket: one thread reads, one writes, and closing it ends both. */
interface Transport extends Closeable {
    /** Waits for bytes. How many there are, or -1 at the end. */
    int read(byte[] into, int offset, int count) throws IOException;

    /** Writes all of the bytes. When it fails the position says how many may have left. */
    void write(ByteBuffer bytes) throws IOException;

    /** Whether the other side is told that nothing more comes before the socket is closed. */
    default boolean hasGoodbye() {
        return false;
    }

    /** Tells it; for the thread that writes. It may wait for the socket, as a write does. */
    default void sayGoodbye() {}

    /** Ends both directions at once; it never waits. */
    @Override
    void close();

    /** Of TCP or a Unix socket. */
    static Transport of(SocketChannel channel) {
        return new Transport() {
            @Override
            public int read(byte[] into, int offset, int count) throws IOException {
                return channel.read(ByteBuffer.wrap(into, offset, count));
            }

            @Override
            public void write(ByteBuffer bytes) throws IOException {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }

            @Override
            public void close() {
                closeQuietly(channel);
            }
        };
    }

    /** Of TLS over a socket. */
    static Transport of(SSLSocket secure, ForgivingSocket below) throws IOException {
        InputStream in = secure.getInputStream();
        OutputStream out = secure.getOutputStream();
        return new Transport() {
            @Override
            public int read(byte[] into, int offset, int count) throws IOException {
                return in.read(into, offset, count);
            }

            @Override
            public void write(ByteBuffer bytes) throws IOException {
                int start = bytes.position();
                // TLS doesn't tell how far it came.
                bytes.position(bytes.limit());
                out.write(bytes.array(), start, bytes.limit() - start);
                out.flush();
                below.check();
            }

            @Override
            public boolean hasGoodbye() {
                return true;
            }

            @Override
            public void sayGoodbye() {
                try {
                    secure.shutdownOutput(); // close_notify
                } catch (IOException e) {
                    // The other side is gone, and hears nothing.
                }
            }

            @Override
            public void close() {
                // Closing the secure socket would wait for a write under way.
                closeQuietly(below);
            }
        };
    }

    /** Closes what is of no more use. */
    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
