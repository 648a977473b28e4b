package example.walletd;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A socket below TLS whose writes don't fail but are noted, and what is written behind one that failed is dropped. A
 * server that turns a client's certificate away sends an alert and closes: so the handshake goes on to read why, where
 * a failed write would end it first.
 */
final class ForgivingSocket extends Socket {
    private volatile IOException failure;

    /** Throws what a write failed with. */
    void check() throws IOException {
        IOException known = failure;
        if (known != null) {
            throw new IOException(known.getMessage(), known);
        }
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(int one) {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                if (failure == null) {
                    try {
                        out.write(bytes, offset, count);
                    } catch (IOException e) {
                        failure = e;
                    }
                }
            }

            @Override
            public void flush() {
                // A socket's stream holds nothing back.
            }
        };
    }
}
