package example.walletd;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A stream of the server's events. Reading is for one thread, closing for any.
 *
 * <p>What has arrived and wasn't read yet has a bound, 1 MiB: a reader that falls behind holds nobody else up. An
 * interrupt of a reader that waits ends the stream with a {@link CancelledException}.
 *
 * @param <E> the events
 */
public interface EventStream<E> extends Iterable<E>, AutoCloseable {
    /** Waits for the next event; null at its end, and after {@link #close}. Throws a {@link WalletException}. */
    E next();

    /** Ends it, at the server too. A {@link #next} that waits gives null. */
    @Override
    void close();

    /** The events that weren't read yet; it can be gone through once. */
    @Override
    default Iterator<E> iterator() {
        return new Iterator<>() {
            private E ahead;

            @Override
            public boolean hasNext() {
                if (ahead == null) {
                    ahead = EventStream.this.next();
                }
                return ahead != null;
            }

            @Override
            public E next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                E event = ahead;
                ahead = null;
                return event;
            }
        };
    }
}
