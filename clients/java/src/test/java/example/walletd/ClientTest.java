package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import example.walletd.internal.Pb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;

/**
 * What tests of the client have in common: whatever they open is closed, and no thread of a client may be left then.
 */
abstract class ClientTest {
    /** How long anything may take that has to happen. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    static final WalletRef WALLET = WalletRef.of("u-1", "USD");
    static final String KEY = "scripted-key-1";
    static final RetryPolicy EAGER =
            RetryPolicy.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofSeconds(2)).withAttemptsMax(4);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    final void closeAll() throws Exception {
        Throwable first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception | AssertionError e) {
                first = first == null ? e : first;
            }
        }
        if (first instanceof Exception e) {
            throw e;
        } else if (first != null) {
            throw (Error) first;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!clientThreads().isEmpty()) {
            assertTrue(System.nanoTime() < end, () -> "threads are left: " + clientThreads());
            Thread.sleep(5);
        }
    }

    static List<String> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("walletd-"))
                .toList();
    }

    final <T extends AutoCloseable> T closing(T one) {
        opened.push(one);
        return one;
    }

    final WalletClient client(String address) {
        return client(address, builder -> builder);
    }

    final WalletClient client(String address, UnaryOperator<WalletClientBuilder> options) {
        return closing(options.apply(WalletClient.builder(address)).build());
    }

    /** A client that tries again without much of a wait. */
    final WalletClient eager(String address) {
        return client(address, builder -> builder.retry(EAGER));
    }

    final FakeServer fake(FakeServer.Script... scripts) {
        return closing(new FakeServer(scripts));
    }

    /** One that speaks WRP/1 inside TLS. */
    final FakeServer secureFake(SSLContext context, FakeServer.Script... scripts) {
        return closing(new FakeServer(context, socket -> FakeServer.speak(socket, Tls.ALPN), scripts));
    }

    final RealServer server(String... options) {
        return closing(new RealServer(folder(), options));
    }

    final Proxy proxy(String address) {
        return closing(new Proxy(address));
    }

    final Path folder() {
        try {
            Path folder = Files.createTempDirectory("walletd-java-");
            opened.push(() -> {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            });
            return folder;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An address on loopback where nobody listens. */
    static String refusedAddress() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static WalletClient with(WalletClient client, Deadline deadline) {
        return new WalletClient(client.core(), () -> deadline);
    }

    static MutationResult debit(WalletClient client) {
        return client.debit(Debit.of(WALLET, 100, "test").key(KEY));
    }

    static Pb.MutationResponse mutation(long balance) {
        return Pb.MutationResponse.newBuilder().setBalance(balance).setCurrency("USD").setExponent(2).build();
    }

    static Pb.PingResponse pong(long place) {
        return Pb.PingResponse.newBuilder().setCommitSeq(place).build();
    }

    static OutcomeUnknownException assertUnknown(Runnable call) {
        OutcomeUnknownException e = assertThrows(OutcomeUnknownException.class, call::run);
        assertNotNull(e.key());
        assertNotNull(e.lastAttempt());
        return e;
    }

    static <E extends NotExecutedException> E assertNotExecuted(Class<E> kind, Runnable call) {
        E e = assertThrows(kind, call::run);
        assertEquals(kind, e.getClass());
        return e;
    }

    static RejectedException assertRejected(Reason reason, Runnable call) {
        RejectedException e = assertThrows(RejectedException.class, call::run);
        assertEquals(reason, e.reason(), e::getMessage);
        return e;
    }

    static <D extends Detail> D assertDetail(Class<D> kind, RejectedException e) {
        return assertInstanceOf(kind, e.detail());
    }

    static void assertWithin(Duration limit, Runnable body) {
        long start = System.nanoTime();
        body.run();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(limit) < 0, () -> "it took " + took);
    }

    /** What a future ends with: its result, or its error as a blocking call throws it. */
    static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.orTimeout(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            return fail(e);
        }
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the end of a thread, no longer than anything may take. */
    static void join(Thread thread) {
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void await(CompletableFuture<?> event) {
        joined(event);
    }

    /** A deadline that passes when the test says so: at the right moment, however busy the machine. */
    static final class ManualDeadline extends Deadline {
        private final CompletableFuture<Void> passed = new CompletableFuture<>();

        ManualDeadline() {
            super(Duration.ofMinutes(1));
        }

        void expire() {
            passed.complete(null);
        }

        @Override
        long remainingNanos() {
            return passed.isDone() ? 0 : Duration.ofMinutes(1).toNanos();
        }

        @Override
        boolean await(CompletableFuture<?> future) throws InterruptedException {
            try {
                CompletableFuture.anyOf(future, passed).get();
            } catch (java.util.concurrent.ExecutionException e) {
                return true;
            }
            return future.isDone();
        }
    }
}
