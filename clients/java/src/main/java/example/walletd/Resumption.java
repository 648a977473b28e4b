package example.walletd;

import example.walletd.internal.Pb;
import java.time.Duration;

/** Where a watch goes on, and whether. No sockets and no sleeping. */
final class Resumption {
    private final Duration patience; // null: without an end
    private final RetryPolicy policy;
    private String token; // of the last event
    private boolean stood; // the server has taken it in
    private int failures;
    private boolean lost;
    private long lostSince;

    Resumption(String token, Duration patience, RetryPolicy policy) {
        this.token = token;
        this.patience = patience;
        this.policy = policy;
    }

    /** Takes an event. False for a token that the reader has already. */
    boolean told(Pb.WatchEvent event) {
        boolean isKnown = event.getResumeToken().equals(token);
        token = event.getResumeToken();
        stood = true;
        lost = false;
        if (event.hasTransaction()) {
            // A server that takes every watch in and sends it away at once isn't asked without a pause.
            failures = 0;
        }
        return event.hasTransaction() || !isKnown;
    }

    /** Takes the end of a stream: the nanoseconds to wait before the next one, or -1 when the watch is over too. */
    long ended(Failure failure, long nowNanos) {
        if (failure == RawStream.READER_TOO_SLOW) {
            return 0;
        }
        if (!lost) {
            lost = true;
            lostSince = nowNanos;
        }
        boolean isLasting = patience != null && nowNanos - lostSince > patience.toNanos();
        if (!stood || isLasting || !passes(failure)) {
            return -1;
        }
        failures++;
        return policy.waitNanos(failures, failure.retryAfter());
    }

    /** Whether another try has hope. */
    private static boolean passes(Failure failure) {
        return switch (failure.kind()) {
            case DISCONNECTED, DEADLINE_EXCEEDED -> true;
            case SERVER -> failure.reason() != null
                    && (failure.reason().isRetried() || failure.reason() == Reason.CANCELLED);
            default -> false;
        };
    }
}
