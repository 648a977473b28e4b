package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void aKeyIsAUuidOfVersionSeven() {
        long before = System.currentTimeMillis();
        Set<String> seen = new HashSet<>();
        long highOnes = 0;
        long highZeros = 0;
        long lowOnes = 0;
        long lowZeros = 0;
        for (int i = 0; i < 2_000; i++) {
            String key = Keys.create();
            assertTrue(
                    key.matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}") && seen.add(key),
                    key);
            UUID uuid = UUID.fromString(key);
            long millis = uuid.getMostSignificantBits() >>> 16;
            assertTrue(millis >= before && millis <= System.currentTimeMillis(), key);
            highOnes |= uuid.getMostSignificantBits();
            highZeros |= ~uuid.getMostSignificantBits();
            lowOnes |= uuid.getLeastSignificantBits();
            lowZeros |= ~uuid.getLeastSignificantBits();
        }
        assertEquals(0xfff, highOnes & highZeros & 0xfff, "bits that are always the same");
        assertEquals((1L << 62) - 1, lowOnes & lowZeros & (1L << 62) - 1, "bits that are always the same");
    }

    @Test
    void keysOfItemsAreCountedUp() {
        String first = "01890a5d-ac96-774b-bfff-fffffffffffe";
        assertEquals(first, Keys.counted(first, 0));
        assertEquals("01890a5d-ac96-774b-bfff-ffffffffffff", Keys.counted(first, 1));
        assertEquals("01890a5d-ac96-774b-8000-000000000000", Keys.counted(first, 2));
        for (String bad : new String[] {
            "", "my-key-01", "01890A5D-AC96-774B-BFFF-FFFFFFFFFFFE", "1-1-1-1-1", "01890a5dac96774bbffffffffffffffe"
        }) {
            assertThrows(IllegalArgumentException.class, () -> Keys.counted(bad, 1), bad);
        }
    }

    @Test
    void theOldestUnresolvedKeyIsForgotten() {
        UnresolvedKeys keys = new UnresolvedKeys(3);
        for (String key : new String[] {"a", "b", "c", "a", "d"}) {
            keys.add(key);
        }
        assertTrue(keys.has("a") && keys.has("c") && keys.has("d"));
        assertFalse(keys.has("b"));
        keys.remove("c");
        keys.remove("c");
        keys.add("e");
        assertTrue(keys.has("a") && !keys.has("c"));
        assertEquals(3, keys.size());
    }
}
