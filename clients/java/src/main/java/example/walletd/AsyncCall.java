package example.walletd;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A call that nobody waits for: the future of its result. */
final class AsyncCall<T> extends CompletableFuture<T> {
    private final ClientCore core;
    private final Attempts<T> attempts;

    private Connection connection; // of the attempt under way; guarded by attempts, as the following
    private Pending pending;
    private volatile boolean over; // nothing more is done
    private Future<?> expiry;

    AsyncCall(ClientCore core, Attempts<T> attempts) {
        this.core = core;
        this.attempts = attempts;
    }

    /** What depends on it runs on the client's executor where it names none, never on a thread of a connection. */
    @Override
    public Executor defaultExecutor() {
        return core.settings.executor();
    }

    void begin() {
        try {
            synchronized (attempts) {
                expiry = core.timer.schedule(
                        () -> giveUp(true), attempts.deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException e) {
            // The client is closed, and so says the attempt.
        }
        attempt();
    }

    void attempt() {
        Outcome refused;
        synchronized (attempts) {
            if (over) {
                return;
            }
            connection = core.current();
            if (connection != null) {
                pending = new Attempt();
                refused = connection.enqueue(pending);
            } else {
                refused = null;
                over = true;
            }
        }
        if (connection == null) {
            end(null, attempts.closed());
        } else if (refused != null) {
            settle(refused);
        }
    }

    private void settle(Outcome outcome) {
        WalletException error = null;
        long wait = Attempts.DONE;
        synchronized (attempts) {
            if (over) {
                return;
            }
            pending = null;
            try {
                wait = attempts.settled(outcome);
            } catch (WalletException e) {
                error = e;
            }
            over = wait == Attempts.DONE;
        }
        if (over) {
            end(attempts.result(), error);
        } else {
            core.pause(this, wait);
        }
    }

    /**
     * Takes the call back: the server is told, and the future ends at once. A read ends with a {@link
     * CancelledException}, a mutation that was sent with an {@link OutcomeUnknownException}. False when it has ended
     * before, or is just ending.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return giveUp(false);
    }

    private boolean giveUp(boolean late) {
        Connection where;
        Pending what;
        synchronized (attempts) {
            if (over) {
                return false;
            }
            where = connection;
            what = pending;
            over = what == null;
        }
        Wire.Forgotten forgotten = what == null ? Wire.Forgotten.UNSENT : where.forget(what, late);
        if (forgotten == Wire.Forgotten.SETTLED) {
            return false;
        }
        WalletException error;
        synchronized (attempts) { // nothing more comes of the attempt
            over = true;
            boolean sent = forgotten == Wire.Forgotten.SENT;
            error = late ? attempts.timedOut(sent) : attempts.cancelled(sent);
        }
        if (late) {
            core.execute(() -> end(null, error));
        } else {
            end(null, error);
        }
        return true;
    }

    /** On a thread that may run the caller's code. */
    private void end(T result, WalletException error) {
        stopTimer();
        if (error == null) {
            complete(result);
        } else {
            completeExceptionally(error);
        }
    }

    private void stopTimer() {
        synchronized (attempts) {
            if (expiry != null) {
                expiry.cancel(false);
            }
        }
    }

    private final class Attempt extends Pending {
        Attempt() {
            super(attempts.request.method(), attempts.request.payload(), attempts.deadline);
        }

        @Override
        void settle(Outcome outcome) {
            core.execute(() -> AsyncCall.this.settle(outcome));
        }
    }
}
