package example.walletd;

import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/** One request that is answered with events, on one connection. Reading is for one thread, closing for any. */
final class RawStream {
    /** Ends a stream of which more events wait to be read than the client keeps. */
    static final Failure READER_TOO_SLOW =
            Failure.of(Failure.Kind.SERVER, "more events wait to be read than the client keeps");

    private final ClientCore core;
    private final Connection connection; // null: it has had its good end already
    private final EventQueue queue;
    private byte[] first; // the event that it began with, until it is read

    private RawStream(ClientCore core, Connection connection, EventQueue queue, byte[] first) {
        this.core = core;
        this.connection = connection;
        this.queue = queue;
        this.first = first;
    }

    /**
     * Asks for a stream, and again as any call is, until its first event is in. Without one it may have had its good
     * end already. {@code face} is told each try, so that it can be closed meanwhile; null once it is closed.
     */
    static RawStream open(
            ClientCore core, Pb.Method method, Message request, Deadline deadline, OpenStream<?> face)
            throws FailedException {
        Request<Void> call = Request.read(method, request, payload -> null);
        Attempts<Void> attempts = core.attempts(call, deadline);
        while (true) {
            Connection connection = core.current();
            if (connection == null) {
                throw new FailedException(Failure.CLIENT_CLOSED);
            }
            EventQueue queue = new EventQueue(method, call.payload(), deadline);
            Outcome outcome = connection.enqueue(queue);
            if (outcome == null) {
                RawStream stream = new RawStream(core, connection, queue, null);
                if (!face.use(stream)) {
                    stream.close();
                    return null;
                }
                EventQueue.Item item = stream.await(deadline.remainingNanos());
                if (item == null) {
                    connection.forget(queue, true);
                    throw new FailedException(failure(attempts.timedOut(true)));
                } else if (item instanceof EventQueue.Item.Event event) {
                    stream.first = event.payload();
                    return stream;
                } else if (!(item instanceof EventQueue.Item.End end)) {
                    return null; // closed
                } else {
                    outcome = end.outcome();
                }
            }
            if (outcome instanceof Outcome.Answered answered && answered.frame().code() == 0) {
                RawStream ended = new RawStream(core, null, null, null);
                face.use(ended);
                return ended;
            }
            try {
                long wait = attempts.settled(outcome);
                if (core.pause(wait, face::isClosed)) {
                    throw new FailedException(Failure.CLIENT_CLOSED);
                }
                if (face.isClosed()) {
                    return null;
                }
            } catch (WalletException e) {
                throw new FailedException(failure(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FailedException(interrupted());
            }
        }
    }

    /** The payload of the next event; null at a good end, and when it was closed. */
    byte[] next() throws FailedException {
        if (connection == null) {
            return null;
        }
        if (first != null) {
            byte[] event = first;
            first = null;
            return event;
        }
        EventQueue.Item item = await(core.settings.silence().toNanos());
        if (item == null) {
            close();
            connection.distrust();
            throw new FailedException(Failure.NO_SIGN_OF_LIFE);
        } else if (item instanceof EventQueue.Item.Event event) {
            return event.payload();
        } else if (item instanceof EventQueue.Item.Overrun) {
            throw new FailedException(READER_TOO_SLOW);
        } else if (item instanceof EventQueue.Item.End end) {
            if (end.outcome() instanceof Outcome.Failed failed) {
                throw new FailedException(failed.failure());
            }
            var answer = ((Outcome.Answered) end.outcome()).frame();
            if (answer.code() != 0) {
                throw new FailedException(Refusals.of(answer));
            }
        }
        return null;
    }

    /** Ends it at the server, if it hasn't ended. */
    void close() {
        if (connection != null) {
            queue.close();
            connection.forget(queue, false);
        }
    }

    private EventQueue.Item await(long nanos) throws FailedException {
        try {
            return queue.await(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new FailedException(interrupted());
        }
    }

    static Failure interrupted() {
        return Failure.of(Failure.Kind.CANCELLED, "the reader was interrupted");
    }

    /** Of a read, which has no other exceptions. */
    private static Failure failure(WalletException e) {
        return e instanceof RejectedException rejected ? rejected.failure() : ((NotExecutedException) e).failure();
    }

    /** The end of a stream that isn't a good one. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        final Failure failure;

        FailedException(Failure failure) {
            super(failure.text());
            this.failure = failure;
        }
    }
}
