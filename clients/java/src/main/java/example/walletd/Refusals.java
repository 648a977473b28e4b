package example.walletd;

import com.google.protobuf.InvalidProtocolBufferException;
import example.walletd.internal.Frame;
import example.walletd.internal.Pb;
import java.time.Duration;

/** Errors of the wire as failures. */
final class Refusals {
    private Refusals() {}

    /** What a RESPONSE whose status isn't 0, or a CONNECTION_ERROR, stands for. */
    static Failure of(Frame frame) {
        Pb.Error error;
        try {
            error = Pb.Error.parseFrom(frame.payload());
        } catch (InvalidProtocolBufferException e) {
            String text = "the error of an answer with status " + frame.code() + " does not parse";
            return Failure.of(Failure.Kind.PROTOCOL, text);
        }
        Reason reason = error.getReasonValue() == 0 ? Reason.ofStatus(frame.code()) : Reason.of(error.getReasonValue());
        if (reason == null) {
            reason = Reason.UNRECOGNIZED;
        }
        if (!reason.isCouldNot() && reason != Reason.UNAUTHENTICATED) {
            return rejected(error, reason, frame.code(), frame.has(Frame.REPLAYED));
        }
        Failure.Kind kind = switch (reason) {
            case DEADLINE_EXCEEDED -> Failure.Kind.DEADLINE_EXCEEDED;
            case UNAUTHENTICATED -> Failure.Kind.UNAUTHENTICATED;
            default -> Failure.Kind.SERVER;
        };
        int millis = frame.millis() != 0 ? frame.millis() : error.getRetryAfter().getRetryAfterMillis();
        Duration retryAfter = Duration.ofMillis(Integer.toUnsignedLong(millis));
        return new Failure(
                kind, error.getMessage(), reason, reason.number(), retryAfter, Details.of(error), null, null);
    }

    /** The error of an item, or of a row of the journal. */
    static Failure rejected(Pb.Error error) {
        return rejected(error, Reason.of(error.getReasonValue()), 0, false);
    }

    private static Failure rejected(Pb.Error error, Reason reason, int status, boolean replayed) {
        boolean aborted = error.hasBatchAborted();
        Failure item = aborted ? rejected(error.getBatchAborted().getCause()) : null;
        int index = aborted ? error.getBatchAborted().getIndex() : -1;
        var rejection = new Failure.Rejection(
                status, replayed || error.getReplayed(), error.getCommitSeq(), index, item);
        int number = error.getReasonValue() == 0 ? Math.max(0, reason.number()) : error.getReasonValue();
        return new Failure(
                Failure.Kind.REJECTED,
                error.getMessage(),
                reason,
                number,
                Duration.ZERO,
                Details.of(error),
                rejection,
                null);
    }
}
