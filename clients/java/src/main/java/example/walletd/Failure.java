package example.walletd;

import java.io.Serializable;
import java.time.Duration;

/** Why an attempt ended without what was asked for. A connection that ends has one for all its calls. */
record Failure(
        Kind kind,
        String message,
        Reason reason,
        int reasonNumber,
        Duration retryAfter,
        Detail detail,
        Rejection rejection,
        Throwable cause)
        implements Serializable {
    static final Failure CLIENT_CLOSED = of(Kind.CLOSED, "the client is closed");
    static final Failure GOING_AWAY = of(Kind.DISCONNECTED, "the server is going away");
    static final Failure NO_SIGN_OF_LIFE = of(Kind.DISCONNECTED, "the server gives no sign of life");

    enum Kind {
        REJECTED,
        SERVER,
        DISCONNECTED,
        CLOSED,
        DEADLINE_EXCEEDED,
        PROTOCOL,
        UNAUTHENTICATED,
        CANCELLED,
        INVALID
    }

    /** What only a rejection has; {@code itemRefusal} with {@code index} of an aborted batch, else null. */
    record Rejection(int status, boolean replayed, long commitSeq, int index, Failure itemRefusal)
            implements Serializable {}

    static Failure of(Kind kind, String message) {
        return new Failure(kind, message, null, 0, Duration.ZERO, null, null, null);
    }

    static Failure of(Kind kind, String message, Throwable cause) {
        return new Failure(kind, message + ": " + Convert.why(cause), null, 0, Duration.ZERO, null, null, cause);
    }

    boolean is(Kind kind) {
        return this.kind == kind;
    }

    /** Whether the same key gets this answer for ever. A batch's is when that of its item would have been. */
    boolean isRemembered() {
        if (kind != Kind.REJECTED) {
            return false;
        }
        Failure item = rejection.itemRefusal();
        return item != null ? item.reason.isRemembered() : reason.isRemembered();
    }

    String text() {
        if (reason == null) {
            return message;
        }
        String name = reason == Reason.UNRECOGNIZED ? "reason " + reasonNumber : reason.name();
        return message.isEmpty() ? name : name + ": " + message;
    }

    /** A new exception each time: each call has its own key and stack. */
    WalletException exception(String key) {
        return switch (kind) {
            case REJECTED -> new RejectedException(this, key);
            case SERVER -> new NotExecutedException(this, key);
            case DISCONNECTED -> new DisconnectedException(this, key);
            case CLOSED -> new ClientClosedException(this, key);
            case DEADLINE_EXCEEDED -> new DeadlineExceededException(this, key);
            case PROTOCOL -> new ProtocolException(this, key);
            case UNAUTHENTICATED -> new UnauthenticatedException(this, key);
            case CANCELLED -> new CancelledException(this, key);
            case INVALID -> new InvalidCallException(this, key);
        };
    }

    Throwable exceptionCause(String key) {
        return rejection != null && rejection.itemRefusal() != null ? rejection.itemRefusal().exception(key) : cause;
    }
}
