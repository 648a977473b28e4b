package example.walletd;

import com.google.protobuf.InvalidProtocolBufferException;
import example.walletd.internal.Frame;
import java.time.Duration;

/**
 * The attempts of one call: what to do after each, return, fail or try again. No sockets and no sleeping; one thread at
 * a time.
 *
 * <p>This is where a key's outcome is judged: once an attempt has ended unknown, only OK, a replay or a remembered
 * refusal resolves it.
 */
final class Attempts<T> implements Request.Settling {
    static final long DONE = -1;

    final Request<T> request;
    final Deadline deadline;
    private final RetryPolicy policy;
    private final RetryBudget budget;
    private final UnresolvedKeys unresolved;
    private int count;
    private boolean unknown; // an attempt of this very call ended unknown
    private T result;

    Attempts(Request<T> request, Deadline deadline, RetryPolicy policy, RetryBudget budget, UnresolvedKeys unresolved) {
        this.request = request;
        this.deadline = deadline;
        this.policy = policy;
        this.budget = budget;
        this.unresolved = unresolved;
        budget.earn();
        if (request.mutates() && request.retryOfUnknown()) {
            noteUnknown();
        }
    }

    /** What the call returns, after DONE. */
    T result() {
        return result;
    }

    /**
     * Takes what became of an attempt: DONE, or the nanoseconds to wait before the next one. Throws the call's error.
     */
    long settled(Outcome outcome) {
        count++;
        if (outcome instanceof Outcome.Failed failed) {
            return failed(failed.failure(), !failed.sent(), failed.retry(), failed.moved());
        }
        Frame frame = ((Outcome.Answered) outcome).frame();
        if (frame.code() == 0) {
            result = read(frame);
            return DONE;
        }
        Failure failure = Refusals.of(frame);
        boolean resolved = failure.isRemembered() && (frame.has(Frame.NOT_EXECUTED) || frame.has(Frame.REPLAYED));
        if (resolved && request.mutates()) {
            settled(request.key());
        }
        boolean sure = resolved || frame.has(Frame.NOT_EXECUTED) && !failure.is(Failure.Kind.PROTOCOL);
        return failed(failure, sure, failure.reason() != null && failure.reason().isRetried(), false);
    }

    /** The error when the deadline passes; {@code sent}: while the request was under way. */
    WalletException timedOut(boolean sent) {
        String missed = sent ? "an answer came" : "the request could be sent";
        return end(Failure.of(Failure.Kind.DEADLINE_EXCEEDED, "the deadline passed before " + missed), !sent);
    }

    /** The error when the caller takes the call back; {@code sent}: while the request was under way. */
    WalletException cancelled(boolean sent) {
        return end(Failure.of(Failure.Kind.CANCELLED, "the call was cancelled"), !sent);
    }

    /** The error when the client is closed before an attempt. */
    WalletException closed() {
        return end(Failure.CLIENT_CLOSED, true);
    }

    @Override
    public boolean isUnknown(String key) {
        return unknown || unresolved.has(key);
    }

    @Override
    public void settled(String key) {
        if (key.equals(request.key())) {
            unknown = false;
        }
        unresolved.remove(key);
    }

    private T read(Frame frame) {
        if (frame.has(Frame.NOT_EXECUTED)) {
            throw end(Failure.of(Failure.Kind.PROTOCOL, "the peer answered OK and NOT_EXECUTED at once"), false);
        }
        try {
            return request.reader().read(frame.payload(), this);
        } catch (InvalidProtocolBufferException e) {
            throw end(Failure.of(Failure.Kind.PROTOCOL, "the answer is not one to this request", e), false);
        }
    }

    /** {@code sure}: this attempt had no effect and never will. */
    private long failed(Failure failure, boolean sure, boolean retry, boolean moved) {
        if (request.mutates() && !sure) {
            noteUnknown();
        }
        if (!retry || count >= policy.attemptsMax()) {
            throw end(failure, sure);
        }
        Duration retryAfter = failure.retryAfter();
        long wait = policy.waitNanos(count, retryAfter);
        if (wait >= deadline.remainingNanos() || !moved && !budget.spend()) {
            throw end(failure, sure);
        }
        return wait;
    }

    /** The error of the call, of which this attempt is the last one. */
    private WalletException end(Failure failure, boolean sure) {
        WalletException error = failure.exception(request.key());
        if (!request.mutates()) {
            return error;
        }
        if (!sure) {
            noteUnknown();
        }
        boolean open = isUnknown(request.key()) || request.itemKeys().stream().anyMatch(unresolved::has);
        return open ? new OutcomeUnknownException(request.key(), error) : error;
    }

    private void noteUnknown() {
        unknown = true;
        unresolved.add(request.key());
        request.itemKeys().forEach(unresolved::add);
    }
}
