package example.walletd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Up to 8,190 mutations in one request and one commit, carried out in order; each sees those before it.
 *
 * <p>Item by item, each has a key and a result of its own, and one that is refused doesn't hinder the others; items
 * without a key get one that is counted up from the batch's, a UUID. All or nothing, they have no keys: they are done
 * under the batch's. After an {@link OutcomeUnknownException} call again with its key and the same items.
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class Batch {
    private final List<WalletMutation<?>> items;
    private final boolean atomic;
    private final String key;
    private final boolean retryOfUnknown;
    private final boolean fullResults;
    private final boolean dryRun;

    private Batch(
            List<WalletMutation<?>> items,
            boolean atomic,
            String key,
            boolean retryOfUnknown,
            boolean fullResults,
            boolean dryRun) {
        this.items = items;
        this.atomic = atomic;
        this.key = key;
        this.retryOfUnknown = retryOfUnknown;
        this.fullResults = fullResults;
        this.dryRun = dryRun;
    }

    /** Item by item. */
    public static Batch of(Collection<? extends WalletMutation<?>> items) {
        return new Batch(List.copyOf(items), false, "", false, false, false);
    }

    /** Item by item. */
    public static Batch of(WalletMutation<?>... items) {
        return of(List.of(items));
    }

    /** All or nothing. */
    public static Batch atomic(Collection<? extends WalletMutation<?>> items) {
        return new Batch(List.copyOf(items), true, "", false, false, false);
    }

    /** All or nothing. */
    public static Batch atomic(WalletMutation<?>... items) {
        return atomic(List.of(items));
    }

    /**
     * The idempotency key, or that from which items get theirs, which is a UUID; when not given the client makes one.
     */
    public Batch key(String key) {
        return new Batch(items, atomic, Convert.text("key", key), retryOfUnknown, fullResults, dryRun);
    }

    /** Says that an attempt of the key that this client doesn't know of ended unknown. */
    public Batch retryOfUnknown(boolean is) {
        return new Batch(items, atomic, key, is, fullResults, dryRun);
    }

    /** Whether the results have whole transactions, of at most 1,023 items. */
    public Batch fullResults(boolean is) {
        return new Batch(items, atomic, key, retryOfUnknown, is, dryRun);
    }

    /** Whether it is only tried, and nothing is written. */
    public Batch dryRun(boolean is) {
        return new Batch(items, atomic, key, retryOfUnknown, fullResults, is);
    }

    /** The items, in their order. */
    public List<WalletMutation<?>> items() {
        return items;
    }

    boolean isAtomic() {
        return atomic;
    }

    String givenKey() {
        return key;
    }

    boolean isRetryOfUnknown() {
        return retryOfUnknown;
    }

    boolean hasFullResults() {
        return fullResults;
    }

    boolean isDryRun() {
        return dryRun;
    }

    /**
     * Those of the items; of a batch of all or nothing all the same. Throws IllegalArgumentException for what can't be.
     */
    List<String> keys(String batchKey) {
        List<String> keys = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            WalletMutation<?> item = items.get(i);
            String own = item.givenKey();
            if (item.isDryRun()) {
                throw new IllegalArgumentException(
                        "item " + i + " is a dry run of its own; that of the batch is for all of it");
            }
            if (atomic && !own.isEmpty()) {
                throw new IllegalArgumentException(
                        "item " + i + " has a key; a batch of all or nothing has one for all");
            }
            keys.add(atomic ? batchKey : own.isEmpty() ? Keys.counted(batchKey, i) : own);
        }
        return keys;
    }
}
