package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.util.function.Supplier;

/** What streams have in common: where they are read from, and how they are closed. */
abstract class OpenStream<E> implements EventStream<E> {
    final ClientCore core;
    private final Pb.Method method;
    private final Supplier<Deadline> deadline; // of the time until the first event
    private RawStream stream; // guarded by this; read by the reader, closed by anybody
    private volatile boolean closed;

    OpenStream(ClientCore core, Pb.Method method, Supplier<Deadline> deadline) {
        this.core = core;
        this.method = method;
        this.deadline = deadline;
    }

    final boolean isClosed() {
        return closed;
    }

    /**
     * The payload of the next event, from a new stream if there is none; null at a good end, and when it was closed.
     */
    final byte[] nextPayload(Message request) throws RawStream.FailedException {
        RawStream from;
        synchronized (this) {
            from = stream;
        }
        if (from == null) {
            from = RawStream.open(core, method, request, deadline.get(), this);
        }
        return from == null ? null : from.next();
    }

    /** Makes {@link #close} end this one, too. False when it was closed before. */
    final boolean use(RawStream opened) {
        synchronized (this) {
            stream = opened;
        }
        return !closed;
    }

    @Override
    public final void close() {
        closed = true;
        RawStream open;
        synchronized (this) {
            open = stream;
        }
        if (open != null) {
            open.close();
        }
        core.wakePauses();
    }
}
