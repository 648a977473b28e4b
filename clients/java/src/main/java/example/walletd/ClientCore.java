package example.walletd;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** What both faces of a client share: its connections, its timer, and what it remembers of keys. */
final class ClientCore {
    private static final long CLOSING_MILLIS_MAX = 5_000;

    final Settings settings;
    final RetryBudget budget = new RetryBudget();
    final UnresolvedKeys unresolved = new UnresolvedKeys(UnresolvedKeys.KEYS_MAX);
    final ScheduledThreadPoolExecutor timer;
    private volatile Thread timerThread; // null until there is something to time
    private final ReentrantLock pauseLock = new ReentrantLock();
    private final Condition pauseEnds = pauseLock.newCondition();
    private final Set<AsyncCall<?>> pausing = ConcurrentHashMap.newKeySet();

    private final Connection[] slots; // for new calls; guarded by this, as the following
    private final Set<Connection> connections = new HashSet<>(); // those that leave, too
    private int next;
    private volatile boolean isClosed;

    ClientCore(Settings settings) {
        this.settings = settings;
        slots = new Connection[settings.connections()];
        timer = new ScheduledThreadPoolExecutor(1, this::timerThread);
        timer.setRemoveOnCancelPolicy(true);
    }

    private Thread timerThread(Runnable body) {
        Thread thread = new Thread(body, "walletd-timer");
        thread.setDaemon(true);
        timerThread = thread;
        return thread;
    }

    /** A connection that takes calls; null when the client is closed. */
    synchronized Connection current() {
        if (isClosed) {
            return null;
        }
        next = (next + 1) % slots.length;
        Connection chosen = slots[next];
        if (chosen == null || !chosen.accepting()) {
            chosen = Connection.start(settings, timer, this::forget);
            slots[next] = chosen;
            connections.add(chosen);
        }
        return chosen;
    }

    private synchronized void forget(Connection gone) {
        connections.remove(gone);
    }

    <T> Attempts<T> attempts(Request<T> request, Deadline deadline) {
        return new Attempts<>(request, deadline, settings.retry(), budget, unresolved);
    }

    /** Carries out a call on the caller's thread. */
    <T> T call(Request<T> request, Deadline deadline) {
        Attempts<T> attempts = attempts(request, deadline);
        while (true) {
            Outcome outcome = attempt(attempts);
            long wait = attempts.settled(outcome);
            if (wait == Attempts.DONE) {
                return attempts.result();
            }
            try {
                if (pause(wait, () -> false)) {
                    throw attempts.closed();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw attempts.cancelled(false);
            }
        }
    }

    private <T> Outcome attempt(Attempts<T> attempts) {
        Deadline deadline = attempts.deadline;
        if (deadline.remainingNanos() == 0) {
            throw attempts.timedOut(false);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw attempts.cancelled(false);
        }
        Connection connection = current();
        if (connection == null) {
            throw attempts.closed();
        }
        Waiting pending = new Waiting(attempts);
        Outcome refused = connection.enqueue(pending);
        if (refused != null) {
            return refused;
        }
        boolean interrupted = false;
        try {
            if (deadline.await(pending.end)) {
                return pending.end.join();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            Thread.currentThread().interrupt();
        }
        Wire.Forgotten forgotten = connection.forget(pending, !interrupted);
        if (forgotten == Wire.Forgotten.SETTLED) {
            return pending.end.join(); // it came between the two
        }
        boolean sent = forgotten == Wire.Forgotten.SENT;
        throw interrupted ? attempts.cancelled(sent) : attempts.timedOut(sent);
    }

    /**
     * Waits for the time of the next attempt, or until {@code stop} is true. True when the client was closed instead.
     */
    boolean pause(long nanos, BooleanSupplier stop) throws InterruptedException {
        pauseLock.lockInterruptibly();
        try {
            long left = nanos;
            while (left > 0 && !isClosed && !stop.getAsBoolean()) {
                left = pauseEnds.awaitNanos(left);
            }
            return isClosed;
        } finally {
            pauseLock.unlock();
        }
    }

    /** Has those that pause look again whether they are to stop. */
    void wakePauses() {
        pauseLock.lock();
        try {
            pauseEnds.signalAll();
        } finally {
            pauseLock.unlock();
        }
    }

    /** Begins a call, on the caller's thread so that calls keep their order. */
    <T> CompletableFuture<T> start(Request<T> request, Deadline deadline) {
        AsyncCall<T> call = new AsyncCall<>(this, attempts(request, deadline));
        call.begin();
        return call;
    }

    /** Runs what may run a caller's code. */
    void execute(Runnable body) {
        try {
            settings.executor().execute(body);
        } catch (RejectedExecutionException e) {
            body.run(); // the caller's executor is gone, and its futures have to end all the same
        }
    }

    /** Waits before {@code call} goes on; at once when the client is closed. */
    void pause(AsyncCall<?> call, long nanos) {
        pausing.add(call);
        try {
            timer.schedule(() -> resume(call), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            resume(call);
        }
    }

    private void resume(AsyncCall<?> call) {
        if (pausing.remove(call)) {
            execute(call::attempt);
        }
    }

    void close() {
        Set<Connection> open;
        synchronized (this) {
            isClosed = true;
            open = new HashSet<>(connections);
        }
        wakePauses();
        open.forEach(connection -> connection.lose(Failure.CLIENT_CLOSED, false));
        timer.shutdownNow();
        pausing.forEach(this::resume);
        awaitEnd(open);
    }

    /** Threads that look a name up can't be stopped; they end by themselves, and hold nothing. */
    private void awaitEnd(Set<Connection> open) {
        long end = System.nanoTime() / 1_000_000 + CLOSING_MILLIS_MAX;
        try {
            for (Connection connection : open) {
                connection.awaitEnd(Math.max(1, end - System.nanoTime() / 1_000_000));
            }
            Thread last = timerThread;
            if (last != null && last != Thread.currentThread()) {
                last.join(Math.max(1, end - System.nanoTime() / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An attempt that a thread waits for. */
    private static final class Waiting extends Pending {
        final CompletableFuture<Outcome> end = new CompletableFuture<>();

        Waiting(Attempts<?> attempts) {
            super(attempts.request.method(), attempts.request.payload(), attempts.deadline);
        }

        @Override
        void settle(Outcome outcome) {
            end.complete(outcome);
        }
    }
}
