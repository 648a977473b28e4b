package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final int MILLI = 1_000_000;

    @Test
    void waits() {
        long[] wholes = {50, 100, 200, 400, 800, 1600, 2000, 2000};
        for (int i = 0; i < wholes.length; i++) {
            long whole = wholes[i] * MILLI;
            long least = whole;
            long most = 0;
            for (int j = 0; j < 2_000; j++) {
                long wait = RetryPolicy.DEFAULT.waitNanos(i + 1, Duration.ZERO);
                assertTrue(wait >= whole / 2 && wait <= whole, "wait " + i + " is " + wait);
                least = Math.min(least, wait);
                most = Math.max(most, wait);
            }
            assertTrue(most - least > whole / 4, "waits are all the same");
        }
        for (int j = 0; j < 100; j++) {
            long asked = RetryPolicy.DEFAULT.waitNanos(1, Duration.ofSeconds(3));
            assertTrue(asked >= 3_000L * MILLI && asked <= 3_050L * MILLI, "asked for 3 s, and it is " + asked);
            assertTrue(RetryPolicy.DEFAULT.waitNanos(99, Duration.ofMillis(1)) >= 1_000L * MILLI);
        }
        assertEquals(6, RetryPolicy.DEFAULT.attemptsMax());
        assertThrows(IllegalArgumentException.class, () -> RetryPolicy.DEFAULT.withAttemptsMax(0));
        assertThrows(
                IllegalArgumentException.class, () -> RetryPolicy.DEFAULT.withBackoff(Duration.ZERO, Duration.ZERO));
    }

    private static int spent(RetryBudget budget) {
        int count = 0;
        while (budget.spend()) {
            count++;
        }
        return count;
    }

    @Test
    void theBudget() {
        RetryBudget budget = new RetryBudget();
        assertEquals(10, spent(budget));
        for (int i = 0; i < 9; i++) {
            budget.earn();
        }
        assertEquals(0, spent(budget));
        budget.earn();
        assertEquals(1, spent(budget));
        for (int i = 0; i < 5_000; i++) {
            budget.earn();
        }
        assertEquals(100, spent(budget));
    }

    @Test
    void theServerIsToldNineTenthsOfWhatIsLeft() {
        assertEquals(1, Deadline.serverMillis(0));
        assertEquals(1, Deadline.serverMillis(MILLI));
        assertEquals(9, Deadline.serverMillis(10L * MILLI));
        assertEquals(9_000, Deadline.serverMillis(10_000L * MILLI));
        assertEquals(-1, Deadline.serverMillis(Long.MAX_VALUE), "2³² - 1, unsigned");
    }
}
