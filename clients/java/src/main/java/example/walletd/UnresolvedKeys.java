package example.walletd;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keys of which an attempt ended unknown and that nothing has resolved since. A client has one for all its calls: when
 * a caller repeats a key, a NOT_EXECUTED answer to that later call says nothing about the earlier attempt. The oldest
 * goes when it is full.
 */
final class UnresolvedKeys {
    static final int KEYS_MAX = 10_000;

    private final Set<String> keys = new LinkedHashSet<>();
    private final int max;

    UnresolvedKeys(int max) {
        this.max = max;
    }

    synchronized void add(String key) {
        keys.remove(key);
        keys.add(key);
        if (keys.size() > max) {
            keys.remove(keys.iterator().next());
        }
    }

    synchronized void remove(String key) {
        keys.remove(key);
    }

    synchronized boolean has(String key) {
        return keys.contains(key);
    }

    synchronized int size() {
        return keys.size();
    }
}
