package example.walletd;

import example.walletd.internal.Pb;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What has arrived of a stream and wasn't read yet. The connection carries other calls too, so it is always read: a
 * stream whose reader falls behind is cancelled, and what is in the queue is still read.
 */
final class EventQueue extends Pending {
    private static final int BYTES_MAX = 1024 * 1024;
    private static final int EVENT_BYTES_MIN = 100; // what an event counts for at least

    /** What a reader gets. */
    sealed interface Item {
        /** An event. */
        record Event(byte[] payload) implements Item {}

        /** The end of it. */
        record End(Outcome outcome) implements Item {}

        /** The end of it: its reader was too slow. */
        record Overrun() implements Item {}

        /** The end of it: the reader closed it. */
        record Closed() implements Item {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> events = new ArrayDeque<>();
    private int bytes;
    private Item end; // behind the events; null: more may come

    EventQueue(Pb.Method method, byte[] payload, Deadline deadline) {
        super(method, payload, deadline);
    }

    @Override
    boolean streams() {
        return true;
    }

    @Override
    boolean event(byte[] event) {
        lock.lock();
        try {
            if (end != null) {
                return true;
            }
            changed.signal();
            // One event always fits, or a stream of long ones would never go on.
            if (bytes > 0 && bytes + size(event) > BYTES_MAX) {
                end = new Item.Overrun();
                return false;
            }
            bytes += size(event);
            events.add(event);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    void settle(Outcome outcome) {
        finish(new Item.End(outcome));
    }

    /** Nothing more is read, what is there neither. */
    void close() {
        lock.lock();
        try {
            events.clear();
            end = new Item.Closed();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next event, or the end; null when neither came in time. */
    Item await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (events.isEmpty() && end == null) {
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
            byte[] event = events.poll();
            if (event == null) {
                return end;
            }
            bytes -= size(event);
            return new Item.Event(event);
        } finally {
            lock.unlock();
        }
    }

    private void finish(Item item) {
        lock.lock();
        try {
            if (end == null) {
                end = item;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private static int size(byte[] event) {
        return Math.max(EVENT_BYTES_MIN, event.length);
    }
}
