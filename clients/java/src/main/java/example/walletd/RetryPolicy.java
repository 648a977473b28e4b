package example.walletd;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and how patiently a call is tried again; always within its deadline.
 *
 * <p>Tried again are lost connections, GOAWAY, UNAVAILABLE and RESOURCE_EXHAUSTED: reads as they are, mutations with
 * the same key, which the server executes at most once. The n-th wait is between half of and the whole backoff × 2ⁿ⁻¹,
 * at most {@code backoffMax}, and never below what the server asked for. Beside it all calls of a client share a
 * budget: each earns a tenth of a retry; 10 are there at the start, at most 100 are saved up.
 *
 * @param attemptsMax from 1, which is not to try again
 * @param backoff the first wait, above zero
 * @param backoffMax the longest wait, not below {@code backoff}
 */
public record RetryPolicy(int attemptsMax, Duration backoff, Duration backoffMax) {
    /** 6 attempts, 50 ms, 2 s. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(6, Duration.ofMillis(50), Duration.ofSeconds(2));

    /** One attempt only. */
    public static final RetryPolicy NEVER = DEFAULT.withAttemptsMax(1);

    /** Throws IllegalArgumentException for what can't be. */
    public RetryPolicy {
        if (attemptsMax < 1 || backoff.isNegative() || backoff.isZero() || backoffMax.compareTo(backoff) < 0) {
            String given = attemptsMax + ", " + backoff + ", " + backoffMax;
            throw new IllegalArgumentException("a policy has 1 attempt or more and waits above 0, not " + given);
        }
    }

    /** This one, with another count of attempts. */
    public RetryPolicy withAttemptsMax(int count) {
        return new RetryPolicy(count, backoff, backoffMax);
    }

    /** This one, with other waits. */
    public RetryPolicy withBackoff(Duration first, Duration longest) {
        return new RetryPolicy(attemptsMax, first, longest);
    }

    /** The nanoseconds to wait after the given count of attempts. */
    long waitNanos(int attempts, Duration retryAfter) {
        long whole = backoff.toNanos();
        long most = backoffMax.toNanos();
        for (int i = 1; i < attempts && whole < most; i++) {
            whole = whole > most / 2 ? most : 2 * whole;
        }
        long wait = whole / 2 + jitter(whole - whole / 2);
        if (retryAfter.isZero()) {
            return wait;
        }
        // Beyond the server's wish by the first wait only, so that the clients it sent away don't come back at once.
        return Math.max(wait, retryAfter.toNanos() + jitter(backoff.toNanos()));
    }

    private static long jitter(long most) {
        return ThreadLocalRandom.current().nextLong(most + 1);
    }
}
