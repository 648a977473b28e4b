package example.walletd;

import com.google.protobuf.InvalidProtocolBufferException;
import example.walletd.internal.Pb;
import java.util.function.Supplier;

/** A watch over all streams that it takes. Nothing is sent before the first {@link #next}. */
final class Watch extends OpenStream<WatchEvent> {
    private final Resumption resumption;
    private Pb.WatchTransactionsRequest request;
    private boolean over;

    Watch(ClientCore core, WatchTransactions watch, Supplier<Deadline> deadline) {
        super(core, Pb.Method.METHOD_WATCH_TRANSACTIONS, deadline);
        request = watch.request();
        resumption = new Resumption(request.getResumeToken(), watch.givenPatience(), core.settings.retry());
    }

    @Override
    public WatchEvent next() {
        while (!over && !isClosed()) {
            try {
                Pb.WatchEvent event = advance();
                if (event != null) {
                    return WatchEvent.of(event);
                }
            } catch (RawStream.FailedException e) {
                goOn(e.failure);
            }
        }
        return null;
    }

    /** The next event that the reader doesn't have; null when it was closed. */
    private Pb.WatchEvent advance() throws RawStream.FailedException {
        while (true) {
            byte[] payload = nextPayload(request);
            if (payload == null) {
                if (isClosed()) {
                    return null;
                }
                throw protocol("a watch has no end of its own");
            }
            Pb.WatchEvent event;
            try {
                event = Pb.WatchEvent.parseFrom(payload);
            } catch (InvalidProtocolBufferException e) {
                close();
                over = true;
                throw Failure.of(Failure.Kind.PROTOCOL, "an event does not parse", e).exception(null);
            }
            request = request.toBuilder().setResumeToken(event.getResumeToken()).build();
            if (resumption.told(event)) {
                return event;
            }
        }
    }

    private static RawStream.FailedException protocol(String message) {
        return new RawStream.FailedException(Failure.of(Failure.Kind.PROTOCOL, message));
    }

    /** A stream ended: waits for the time of the next one, or ends the watch. */
    private void goOn(Failure failure) {
        use(null);
        if (isClosed()) {
            return;
        }
        long wait = resumption.ended(failure, System.nanoTime());
        if (wait < 0) {
            over = true;
            throw failure.exception(null);
        }
        try {
            if (core.pause(wait, this::isClosed)) {
                over = true;
                throw Failure.CLIENT_CLOSED.exception(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over = true;
            throw RawStream.interrupted().exception(null);
        }
    }
}
