package example.walletd;

import example.walletd.internal.Deframer;
import example.walletd.internal.Frame;
import example.walletd.internal.FrameException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One WRP/1 connection: a thread that connects and then writes, and one that reads. No caller ever waits for the
 * socket, so each is bounded by its own deadline alone.
 */
final class Connection {
    private static final long READ_REST_MILLIS = 1_000; // to read what came before a connection broke
    private static final long GOODBYE_MILLIS = 500; // for a socket that takes nothing

    private final Settings settings;
    private final ScheduledExecutorService timer;
    private final Consumer<Connection> onEnd;
    private final Thread writer = thread("walletd-writer", this::run);

    private final ReentrantLock lock = new ReentrantLock(); // guards the following
    private final Condition work = lock.newCondition(); // for the writer, which waits
    private boolean writerWaits;
    private final Wire wire = new Wire();
    private Closeable socket; // that connects, or has
    private boolean hasGoodbye; // to be said before it is closed
    private boolean isLeaving; // the writer says it, and closes
    private Future<?> opening; // ends what takes too long

    private volatile boolean accepting = true;

    private Connection(Settings settings, ScheduledExecutorService timer, Consumer<Connection> onEnd) {
        this.settings = settings;
        this.timer = timer;
        this.onEnd = onEnd;
    }

    /** Starts to connect and returns at once. {@code onEnd} is called when nothing of it is left. */
    static Connection start(Settings settings, ScheduledExecutorService timer, Consumer<Connection> onEnd) {
        Connection connection = new Connection(settings, timer, onEnd);
        connection.lock.lock();
        try {
            long limit = settings.connectTimeout().toNanos();
            connection.opening = timer.schedule(connection::notOpened, limit, TimeUnit.NANOSECONDS);
        } finally {
            connection.unlock();
        }
        connection.writer.start();
        return connection;
    }

    private static Thread thread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Whether new calls may be given to it. */
    boolean accepting() {
        return accepting;
    }

    /** Gives it an attempt. Null, or what becomes of the attempt where nothing is accepted any more. */
    Outcome.Failed enqueue(Pending pending) {
        lock.lock();
        try {
            if (!wire.accepting()) {
                return wire.refusal();
            }
            wire.enqueue(pending);
            return null;
        } finally {
            unlock();
        }
    }

    /** Ends the wait for an attempt: see {@link Wire#forget}. */
    Wire.Forgotten forget(Pending pending, boolean late) {
        lock.lock();
        try {
            return wire.forget(pending, late);
        } finally {
            unlock();
        }
    }

    /** What should have been heard wasn't: the next call gets a new connection. */
    void distrust() {
        lock.lock();
        try {
            wire.distrust();
        } finally {
            unlock();
        }
    }

    /** Ends it and all its attempts. Its threads then end by themselves: see {@link #awaitEnd}. */
    void lose(Failure failure, boolean retry) {
        lock.lock();
        try {
            wire.lost(failure, retry);
        } finally {
            unlock();
        }
    }

    /** Waits until nothing of it is left, or for so long. */
    void awaitEnd(long millis) throws InterruptedException {
        writer.join(Math.min(millis, GOODBYE_MILLIS));
        if (writer.isAlive()) {
            endGoodbye();
            writer.join(millis);
        }
    }

    /** The socket hasn't taken it by now. */
    private void endGoodbye() {
        Closeable left;
        lock.lock();
        try {
            left = isLeaving ? socket : null;
        } finally {
            lock.unlock();
        }
        if (left != null) {
            Transport.closeQuietly(left);
        }
    }

    private boolean timed(Runnable body, long millis) {
        try {
            timer.schedule(body, millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the client is being closed
        }
    }

    /** Each change of the state ends here: whoever has to know of it is told, outside the lock. */
    private void unlock() {
        accepting = wire.accepting();
        boolean over = wire.state() == Wire.State.CLOSED;
        if (writerWaits && (over || wire.hasWork())) {
            work.signal();
        }
        if (opening != null && wire.state() != Wire.State.OPENING) {
            opening.cancel(false);
            opening = null;
        }
        Closeable useless = null;
        if (over && socket != null && !isLeaving) {
            // Where a write is under way, a goodbye would have to wait for its end.
            isLeaving = hasGoodbye && writerWaits && timed(this::endGoodbye, GOODBYE_MILLIS);
            if (!isLeaving) {
                useless = socket;
                socket = null;
            }
        }
        List<Wire.Settled> settled = wire.takeSettled();
        lock.unlock();
        if (useless != null) {
            Transport.closeQuietly(useless);
        }
        settled.forEach(Wire.Settled::tell);
    }

    private void notOpened() {
        lock.lock();
        try {
            if (wire.state() == Wire.State.OPENING) {
                wire.lost(Failure.of(Failure.Kind.DISCONNECTED, "the server did not answer HELLO in time"), true);
            }
        } finally {
            unlock();
        }
    }

    // ---- the thread that connects and writes

    private void run() {
        Transport transport = null;
        try {
            transport = connect();
            if (transport != null) {
                serve(transport);
            }
        } catch (RuntimeException | Error e) {
            lose(Failure.of(Failure.Kind.DISCONNECTED, "the connection's thread failed", e), true);
            throw e;
        } finally {
            if (transport != null) {
                transport.close();
            }
            onEnd.accept(this);
        }
    }

    /** A transport on which the preface and HELLO are the next to be written; null when there is none. */
    private Transport connect() {
        byte[] hello;
        try {
            hello = settings.hello();
        } catch (IOException e) {
            lose(Failure.of(Failure.Kind.UNAUTHENTICATED, "the token's file can't be read", e), false);
            return null;
        }
        try {
            Transport transport = new Dialer(settings, this::adopt).dial();
            lock.lock();
            try {
                hasGoodbye = transport.hasGoodbye();
                wire.connected(hello);
            } finally {
                unlock();
            }
            return transport;
        } catch (javax.net.ssl.SSLException e) {
            Outcome.Failed end = TlsFailures.of(e);
            lose(end.failure(), end.retry());
        } catch (IOException | RuntimeException e) { // of the latter: a name that can't be one
            lose(Failure.of(Failure.Kind.DISCONNECTED, "no connection to " + settings.address(), e), true);
        }
        return null;
    }

    private void adopt(Closeable socket) throws IOException {
        lock.lock();
        try {
            if (wire.state() == Wire.State.CLOSED) {
                throw new IOException("it is closed");
            }
            this.socket = socket;
        } finally {
            unlock();
        }
    }

    private void serve(Transport transport) {
        Thread reader = thread("walletd-reader", () -> read(transport));
        reader.start();
        write(transport);
        transport.close();
        boolean interrupted = false;
        while (true) {
            try {
                reader.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // not ours to act upon: the reader ends at once
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Transport transport) {
        Wire.Parcel parcel = new Wire.Parcel();
        while (true) {
            boolean taken;
            boolean over;
            boolean says;
            lock.lock();
            try {
                taken = wire.take(parcel);
                over = wire.state() == Wire.State.CLOSED;
                if (!taken && !over && !wire.hasSettled()) {
                    writerWaits = true;
                    work.awaitUninterruptibly();
                    writerWaits = false;
                }
                says = isLeaving;
            } finally {
                unlock();
            }
            if (over) {
                if (says) {
                    transport.sayGoodbye();
                }
                return;
            }
            if (taken) {
                ByteBuffer bytes = parcel.bytes.view();
                try {
                    transport.write(bytes);
                } catch (IOException e) {
                    writeFailed(parcel, bytes.position(), e);
                }
            }
        }
    }

    private void writeFailed(Wire.Parcel parcel, int written, IOException error) {
        Failure why = Failure.of(Failure.Kind.DISCONNECTED, "the connection broke", error);
        lock.lock();
        try {
            wire.writeFailed(parcel, written, why);
        } finally {
            unlock();
        }
        if (!timed(() -> lose(why, true), READ_REST_MILLIS)) {
            lose(why, true);
        }
    }

    // ---- the thread that reads

    private void read(Transport transport) {
        Deframer deframer = new Deframer(Wire.OPENING_FRAME_BYTES_MAX);
        try {
            while (accept(deframer)) {
                byte[] into = deframer.array();
                int count = transport.read(into, deframer.position(), deframer.room());
                if (count < 0) {
                    lose(Failure.of(Failure.Kind.DISCONNECTED, "the server closed the connection"), true);
                    return;
                }
                deframer.received(count);
            }
        } catch (IOException e) {
            readFailed(e);
        } catch (RuntimeException | Error e) {
            lose(Failure.of(Failure.Kind.DISCONNECTED, "the connection's thread failed", e), true);
            throw e;
        }
    }

    /** Takes the frames that are whole. False when the connection is over. */
    private boolean accept(Deframer deframer) {
        lock.lock();
        try {
            while (wire.state() != Wire.State.CLOSED) {
                Frame frame = deframer.next();
                if (frame == null) {
                    return true;
                }
                wire.receive(frame, deframer);
            }
        } catch (FrameException e) {
            wire.broken("the peer does not speak WRP/1: " + e.getMessage());
        } finally {
            unlock();
        }
        return false;
    }

    private void readFailed(IOException error) {
        lock.lock();
        try {
            if (settings.tls() != null && wire.state() == Wire.State.OPENING) {
                // In TLS 1.3 a server looks at the client's certificate after the client's handshake is done.
                Outcome.Failed end = TlsFailures.of(error);
                wire.lost(end.failure(), end.retry());
            } else {
                wire.lost(Failure.of(Failure.Kind.DISCONNECTED, "the connection broke", error), true);
            }
        } finally {
            unlock();
        }
    }
}
