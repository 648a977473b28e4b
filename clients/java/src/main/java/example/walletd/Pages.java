package example.walletd;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Goes through a list page by page; it holds nothing that has to be closed. */
final class Pages<Q, P, T> implements Iterator<T> {
    private Q query; // of the next page; null: there is none
    private final Function<Q, P> fetch;
    private final Function<P, List<T>> items;
    private final Function<P, String> nextCursor;
    private final BiFunction<Q, String, Q> withCursor;
    private Iterator<T> page = List.<T>of().iterator();

    Pages(
            Q query,
            Function<Q, P> fetch,
            Function<P, List<T>> items,
            Function<P, String> nextCursor,
            BiFunction<Q, String, Q> withCursor) {
        this.query = query;
        this.fetch = fetch;
        this.items = items;
        this.nextCursor = nextCursor;
        this.withCursor = withCursor;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && query != null) { // a page may be empty, and not the last one
            P found = fetch.apply(query);
            page = items.apply(found).iterator();
            String cursor = nextCursor.apply(found);
            query = cursor.isEmpty() ? null : withCursor.apply(query, cursor);
        }
        return page.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }
}
