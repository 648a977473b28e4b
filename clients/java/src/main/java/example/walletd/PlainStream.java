package example.walletd;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.util.function.Supplier;

/** A stream that has an end and can't be resumed. Nothing is sent before the first {@link #next}. */
final class PlainStream<E> extends OpenStream<E> {
    private final Message request;
    private final Request.Parser<E> parser;
    private boolean over;

    PlainStream(
            ClientCore core, Pb.Method method, Message request, Supplier<Deadline> deadline, Request.Parser<E> parser) {
        super(core, method, deadline);
        this.request = request;
        this.parser = parser;
    }

    @Override
    public E next() {
        if (over || isClosed()) {
            return null;
        }
        try {
            byte[] payload = nextPayload(request);
            if (payload != null) {
                return parser.parse(payload);
            }
        } catch (RawStream.FailedException e) {
            if (!isClosed()) {
                over = true;
                throw e.failure.exception(null);
            }
        } catch (InvalidProtocolBufferException e) {
            close();
            throw Failure.of(Failure.Kind.PROTOCOL, "an event does not parse", e).exception(null);
        }
        over = true;
        return null;
    }
}
