package example.walletd;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The instant, on the monotonic clock, at which a call gives up: all its attempts, waits and connecting included. */
class Deadline {
    private static final long MILLIS_MAX = 0xffff_ffffL;

    private final long at;

    Deadline(Duration timeout) {
        at = System.nanoTime() + nanos(timeout);
    }

    /** Of a duration that is above zero, at most a century; else an IllegalArgumentException. */
    static Duration check(String name, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new IllegalArgumentException(name + " is above zero and at most a century, not " + timeout);
        }
        return timeout;
    }

    private static long nanos(Duration timeout) {
        return check("a timeout", timeout).toNanos();
    }

    /** Nanoseconds left, never below 0. */
    long remainingNanos() {
        return Math.max(0, at - System.nanoTime());
    }

    /** Waits for the end of the future, however it ended. False when the deadline came first. */
    boolean await(CompletableFuture<?> future) throws InterruptedException {
        try {
            future.get(remainingNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /**
     * The deadline to tell the server: nine tenths of what is left, at least 1. The server then gives up first, and its
     * sure NOT_EXECUTED arrives before the client has to call the outcome unknown. 0 would be the server's default.
     */
    final int serverMillis() {
        return serverMillis(remainingNanos());
    }

    static int serverMillis(long nanos) {
        long millis = nanos / 10 * 9 / 1_000_000;
        return (int) Math.min(MILLIS_MAX, Math.max(1, millis));
    }
}
