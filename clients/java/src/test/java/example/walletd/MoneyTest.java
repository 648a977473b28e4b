package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MoneyTest {
    private static void assertParses(long amount, String text, int exponent) {
        assertEquals(amount, Money.parse(text, exponent), text);
    }

    @Test
    void textBecomesMinorUnits() {
        assertParses(1230, "12.30", 2);
        assertParses(1230, "12.3", 2);
        assertParses(1200, "12", 2);
        assertParses(-1, "-0.01", 2);
        assertParses(0, "-0.00", 2);
        assertParses(7, "007", 0);
        assertParses(1234, "1.234", 3);
        assertParses(Long.MAX_VALUE, "9223372036854775807", 0);
        assertParses(Long.MIN_VALUE, "-9223372036854775808", 0);
        assertParses(Long.MAX_VALUE, "92233720368547758.07", 2);
        assertParses(Long.MIN_VALUE, "-9.223372036854775808", 18);
        assertParses(5, "0".repeat(100_000) + "5", 0);
        assertParses(0, "0", 1_000);
    }

    @Test
    void whatIsNoAmount() {
        for (String text : new String[] {
            "12.345", "12.340", "1e3", "+1", " 1", "1 ", "1,000", "", "-", ".5", "5.", "--1", "1.2.3", "0x10", "1_000",
            "٣", "NaN", "Infinity", "1.-5", "92233720368547758.08", "-92233720368547758.09", "1\n", "1\0",
            "9".repeat(1_000_000)
        }) {
            String message = assertThrows(IllegalArgumentException.class, () -> Money.parse(text, 2)).getMessage();
            assertTrue(message.length() < 100, message);
        }
        for (Map.Entry<String, Integer> one :
                Map.of("9223372036854775808", 0, "1.0", 0, "1", 19, "2", -1, "3", Integer.MAX_VALUE).entrySet()) {
            assertThrows(IllegalArgumentException.class, () -> Money.parse(one.getKey(), one.getValue()), one::getKey);
        }
    }

    @Test
    void minorUnitsBecomeText() {
        assertEquals("12.30", Money.format(1230, 2));
        assertEquals("-0.01", Money.format(-1, 2));
        assertEquals("0.00", Money.format(0, 2));
        assertEquals("-5", Money.format(-5, 0));
        assertEquals("0.001", Money.format(1, 3));
        assertEquals("-92233720368547758.08", Money.format(Long.MIN_VALUE, 2));
        assertEquals("-9.223372036854775808", Money.format(Long.MIN_VALUE, 18));
        assertThrows(IllegalArgumentException.class, () -> Money.format(1, -1));
    }

    @Test
    void thereAndBack() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long amount = random.nextLong() >> random.nextInt(64);
            int exponent = random.nextInt(19);
            assertEquals(amount, Money.parse(Money.format(amount, exponent), exponent));
        }
    }
}
