package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What may go wrong on the way to the real server. */
class ServerTest extends ClientTest {
    private static final WalletRef PAYER = WalletRef.of("user-17", "USD");
    private static final long START = 1_000_000;

    /** Repeats a call with the same key until it is certain: unknown outcomes and failures are asked for again. */
    private static void forSure(WalletMutation<?> mutation, Consumer<WalletMutation<?>> call) {
        long end = System.nanoTime() + 3 * PATIENCE.toNanos();
        while (true) {
            try {
                call.accept(mutation);
                return;
            } catch (OutcomeUnknownException | NotExecutedException e) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("it never gets through", e);
                }
                sleep(10);
            }
        }
    }

    /** Has workers debit while something happens, and then compares the balance: each debit took place once. */
    static void workThrough(WalletClient client, Consumer<Runnable> happens) {
        client.openWallet(OpenWallet.of("user-17", "USD", "signup"));
        client.credit(Credit.of(PAYER, START, "topup"));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong total = new AtomicLong();
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            CompletableFuture<Void> worker = new CompletableFuture<>();
            workers.add(worker);
            new Thread(() -> {
                        try {
                            while (!stop.get()) {
                                forSure(
                                        Debit.of(PAYER, 1, "test").key(Keys.create()),
                                        debit -> client.debit((Debit) debit));
                                total.incrementAndGet();
                            }
                            worker.complete(null);
                        } catch (RuntimeException | Error e) {
                            worker.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        try {
            happens.accept(() -> awaitProgress(client));
        } finally {
            stop.set(true);
        }
        workers.forEach(worker -> {
            try {
                worker.get(4 * PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
            } catch (Exception e) {
                fail(e);
            }
        });
        Balance balance = client.getBalance(PAYER);
        assertEquals(START - total.get(), balance.balance());
        assertEquals(2 + total.get(), balance.version());
    }

    /** Waits until the workers get on. */
    private static void awaitProgress(WalletClient client) {
        long before = -1;
        for (long end = System.nanoTime() + 3 * PATIENCE.toNanos(); ; sleep(5)) {
            try {
                long version = client.getBalance(PAYER).version();
                if (before < 0) {
                    before = version;
                } else if (version >= before + 20) {
                    return;
                }
            } catch (NotExecutedException e) {
                assertTrue(System.nanoTime() < end, () -> "the workers don't get on: " + e);
            }
            assertTrue(System.nanoTime() < end, "the workers don't get on");
        }
    }

    @Test
    void killedAndRestartedInTheMiddle() {
        RealServer server = server();
        workThrough(client(server.address()), progress -> {
            for (int i = 0; i < 3; i++) {
                progress.run();
                server.kill();
                server.start();
            }
            progress.run();
        });
    }

    @Test
    void terminatedInTheMiddle() {
        RealServer server = server();
        workThrough(client(server.address(), builder -> builder.connections(2)), progress -> {
            progress.run();
            server.terminate(); // GOAWAY
            server.start();
            progress.run();
        });
    }

    @Test
    void aProxyThatCutsConnections() {
        Proxy proxy = proxy(server().address());
        long seed = System.nanoTime();
        Random random = new Random(seed);
        workThrough(client(proxy.address()), progress -> {
            while (proxy.connections() < 8) {
                sleep(random.nextInt(20));
                proxy.cut();
            }
            progress.run();
        });
    }

    @Test
    void aProxyThatSlicesToSingleBytes() {
        Proxy proxy = proxy(server().address());
        proxy.slice(1);
        workThrough(client(proxy.address()), Runnable::run);
        assertEquals(1, proxy.connections());
    }

    @Test
    void aBlackhole() {
        Proxy proxy = proxy(server().address());
        WalletClient client = client(proxy.address());
        client.openWallet(OpenWallet.of("user-17", "USD", "signup"));
        client.credit(Credit.of(PAYER, 1000, "topup"));
        proxy.blackhole(true);
        ManualDeadline lost = new ManualDeadline();
        new Thread(() -> {
                    proxy.awaitStuck(); // the request is on its way
                    lost.expire();
                })
                .start();
        Debit debit = Debit.of(PAYER, 1, "test").key(KEY);
        assertUnknown(() -> with(client, lost).debit(debit));
        assertWithin(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 3; i++) { // on the same connection, then on new ones, which aren't answered either
                assertNotExecuted(
                        DeadlineExceededException.class,
                        () -> client.withTimeout(Duration.ofMillis(200)).getBalance(PAYER));
            }
        });
        proxy.blackhole(false);
        assertEquals(999, client.debit(debit).balance());
    }

    @Test
    void aWatchSeesEachTransactionOnceOverRestartsAndCuts() {
        RealServer server = server();
        Proxy proxy = proxy(server.address());
        WalletClient client = client(server.address());
        client.openWallet(OpenWallet.of("user-17", "USD", "signup"));
        int rows = 120;
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < rows; i++) {
                if (i % 40 == 39) {
                    server.kill();
                    server.start();
                } else if (i % 10 == 9) {
                    proxy.cut();
                }
                forSure(
                        Credit.of(PAYER, 1, "test").key("credit-%04d".formatted(i)),
                        credit -> client.credit((Credit) credit));
            }
        });
        long seen = 0;
        try (EventStream<WatchEvent> watch =
                client(proxy.address()).watchTransactions(WatchTransactions.fromBeginning())) {
            while (seen <= rows) {
                Transaction row = watch.next().transaction();
                if (row != null) {
                    assertEquals(++seen, row.walletVersion());
                }
            }
        }
        try {
            writing.get(4 * PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        } catch (Exception e) {
            fail(e);
        }
    }

    @Test
    void manyThreadsAndFutures() throws InterruptedException {
        WalletClient client = client(server("--max-in-flight", "16").address(), builder -> builder.connections(2));
        client.openWallet(OpenWallet.of("user-17", "USD", "signup"));
        client.credit(Credit.of(PAYER, START, "topup"));
        AtomicLong wrong = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            boolean givesUp = i % 8 == 0; // some give up at once, which must not disturb the others
            boolean async = i % 8 == 1;
            Thread thread = new Thread(() -> {
                for (int j = 0; j < 20; j++) {
                    try {
                        if (givesUp) {
                            long nanos = 1 + ThreadLocalRandom.current().nextLong(3_000_000);
                            client.withTimeout(Duration.ofNanos(nanos)).getBalance(PAYER);
                        } else if (async) {
                            joined(client.async().debit(Debit.of(PAYER, 1, "test")));
                        } else {
                            client.debit(Debit.of(PAYER, 1, "test"));
                        }
                    } catch (NotExecutedException e) {
                        if (!givesUp) {
                            wrong.incrementAndGet();
                        }
                    } catch (RuntimeException e) {
                        wrong.incrementAndGet();
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, wrong.get());
        assertEquals(START - 56 * 20, client.getBalance(PAYER).balance());
    }
}
