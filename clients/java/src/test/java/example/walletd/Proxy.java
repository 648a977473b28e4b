package example.walletd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Stands between a client and a server, and misbehaves as it is told. */
final class Proxy implements AutoCloseable {
    private final ServerSocket listener;
    private final String host;
    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<Socket> sockets = new HashSet<>(); // guarded by this, as the following
    private int count;
    private int slice; // bytes that are passed on at a time; 0: as they come
    private boolean black; // nothing is passed on
    private boolean stuck; // something came that isn't
    private boolean ended;

    Proxy(String server) {
        host = server.substring(0, server.lastIndexOf(':'));
        port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        try {
            listener = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Passes on so many bytes at a time from now on. */
    synchronized void slice(int bytes) {
        slice = bytes;
    }

    /** Passes on nothing while it is on, and what came meanwhile afterwards. */
    synchronized void blackhole(boolean on) {
        black = on;
        stuck = false;
        notifyAll();
    }

    /** Waits until something has come that isn't passed on. */
    synchronized void awaitStuck() {
        try {
            while (!stuck && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends all connections that there are. */
    synchronized void cut() {
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // It has ended.
            }
        }
        sockets.clear();
    }

    /** How many were accepted. */
    synchronized int connections() {
        return count;
    }

    private synchronized void start(Runnable body) {
        Thread thread = new Thread(body, "proxy");
        threads.add(thread);
        thread.start();
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException e) {
                return;
            }
            try {
                Socket server = new Socket(host, port);
                synchronized (this) {
                    count++;
                    sockets.add(client);
                    sockets.add(server);
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                start(() -> copy(client, server));
                start(() -> copy(server, client));
            } catch (IOException e) {
                Transport.closeQuietly(client);
            }
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to) {
            for (int length = from.getInputStream().read(buffer); length >= 0; ) {
                int piece = pass() == 0 ? length : slice;
                for (int at = 0; at < length; at += piece) {
                    to.getOutputStream().write(buffer, at, Math.min(piece, length - at));
                }
                length = from.getInputStream().read(buffer);
            }
        } catch (IOException e) {
            // One side has ended, and so does the other.
        }
    }

    /** Waits while nothing may pass. The slice. */
    private synchronized int pass() {
        try {
            while (black && !ended) {
                // Once, or two that wait would wake each other for ever.
                if (!stuck) {
                    stuck = true;
                    notifyAll();
                }
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return slice;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        List<Thread> running;
        synchronized (this) {
            ended = true;
            notifyAll();
            running = List.copyOf(threads);
        }
        cut();
        for (Thread thread : running) {
            ClientTest.join(thread);
        }
    }
}
