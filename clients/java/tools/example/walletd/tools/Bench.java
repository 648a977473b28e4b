package example.walletd.tools;

import example.walletd.AsyncWalletClient;
import example.walletd.Batch;
import example.walletd.Credit;
import example.walletd.Debit;
import example.walletd.OpenWallet;
import example.walletd.WalletClient;
import example.walletd.WalletMutation;
import example.walletd.WalletRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Calls per second on one connection, and their latencies, by the client's futures: what is answered asks again.
 *
 * <p>Without arguments: of several shapes, SECONDS (5) each, against the server that WALLETD names. With ADDRESS VERB
 * IN_FLIGHT SECONDS WARM_UP: of that one, as a JSON object (conformance/DRIVER.md).
 */
public final class Bench {
    private static final int WALLETS = 1_000;
    private static final int IN_FLIGHT = 64;
    private static final int WARM_UP_SECONDS = 2;

    private final AsyncWalletClient async;
    private final List<WalletRef> wallets = new ArrayList<>();

    /** Makes wallets with money; they may be there already. */
    private Bench(WalletClient client) {
        async = client.async();
        List<WalletMutation<?>> opens = new ArrayList<>();
        for (int i = 0; i < WALLETS; i++) {
            opens.add(OpenWallet.of("bench-" + i, "EUR", "bench"));
            wallets.add(WalletRef.of("bench-" + i, "EUR"));
        }
        client.batch(Batch.of(opens));
        client.batch(Batch.of(wallets.stream().map(w -> Credit.of(w, 1_000_000_000, "bench")).toList()));
    }

    /** Measures one shape, or starts a server and measures several. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            one(arguments);
            return;
        }
        Path data = Files.createTempDirectory("walletd-bench");
        Process server = new ProcessBuilder(
                        System.getenv("WALLETD"), "serve", "--data", data.toString(), "--listen", "127.0.0.1:0")
                .start();
        try (WalletClient client = WalletClient.connect(addressOf(server))) {
            table(client);
        } finally {
            server.destroyForcibly().waitFor();
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String addressOf(Process server) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(server.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int at = line.indexOf("listening on ");
            if (at >= 0) {
                Thread rest = new Thread(() -> lines.lines().forEach(said -> {})); // so that its pipe doesn't fill up
                rest.setDaemon(true);
                rest.start();
                return line.substring(at + "listening on ".length()).trim().split(" ")[0];
            }
        }
        throw new IOException("the server does not listen");
    }

    private static void one(String[] arguments) throws InterruptedException {
        String verb = arguments[1];
        int inFlight = Integer.parseInt(arguments[2]);
        double warmUp = Double.parseDouble(arguments[4]);
        try (WalletClient client = WalletClient.connect(arguments[0])) {
            Bench bench = new Bench(client);
            if (warmUp > 0) {
                bench.run(verb, inFlight, warmUp);
            }
            Measured found = bench.run(verb, inFlight, Double.parseDouble(arguments[3]));
            System.out.printf(
                    Locale.ROOT,
                    "{\"client\": \"java\", \"verb\": \"%s\", \"connections\": 1, \"in_flight\": %d, "
                            + "\"calls_per_second\": %.1f, \"p50_micros\": %.1f, \"p99_micros\": %.1f}%n",
                    verb,
                    inFlight,
                    found.perSecond,
                    found.part(50) / 1e3,
                    found.part(99) / 1e3);
        }
    }

    private static void table(WalletClient client) throws InterruptedException {
        String secondsText = System.getenv("SECONDS");
        int seconds = secondsText == null ? 5 : Integer.parseInt(secondsText);
        Bench bench = new Bench(client);
        System.out.println(client.getServerInfo().serverName() + ", " + client.getServerInfo().build()
                + " build; 1 connection");
        bench.run("Debit", IN_FLIGHT, WARM_UP_SECONDS);
        bench.run("GetBalance", IN_FLIGHT, WARM_UP_SECONDS);
        for (String verb : List.of("Debit", "GetBalance")) {
            for (int inFlight : List.of(IN_FLIGHT, 1)) {
                Measured found = bench.run(verb, inFlight, seconds);
                System.out.printf(
                        "%-10s × %-3d %8.0f calls/s   median %6.3f ms   99 %% %7.3f ms%n",
                        verb, inFlight, found.perSecond, found.part(50) / 1e6, found.part(99) / 1e6);
            }
        }
    }

    private record Measured(double perSecond, long[] nanosBySize) {
        long part(int percent) {
            return nanosBySize[nanosBySize.length * percent / 100];
        }
    }

    private Measured run(String verb, int inFlight, double seconds) throws InterruptedException {
        Function<WalletRef, CompletableFuture<?>> call =
                switch (verb) {
                    case "Debit" -> wallet -> async.debit(Debit.of(wallet, 1, "bench"));
                    case "GetBalance" -> wallet -> async.getBalance(wallet);
                    default -> throw new IllegalArgumentException("there is no load of " + verb);
                };
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        CountDownLatch left = new CountDownLatch(inFlight);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < inFlight; i++) {
            Supplier<WalletRef> turn = () -> wallets.get(Math.floorMod(next.getAndIncrement(), WALLETS));
            Line line = new Line(() -> call.apply(turn.get()), end, left);
            lines.add(line);
            line.ask(System.nanoTime());
        }
        left.await();
        double took = (System.nanoTime() - start) / 1e9;
        for (Line line : lines) {
            if (line.failed != null) {
                throw new IllegalStateException(line.failed);
            }
        }
        long[] all = lines.stream().flatMapToLong(line -> line.nanos.build()).toArray();
        Arrays.sort(all);
        return new Measured(all.length / took, all);
    }

    /** Calls one after the other. */
    private static final class Line {
        final LongStream.Builder nanos = LongStream.builder();
        private final Supplier<CompletableFuture<?>> call;
        private final long end;
        private final CountDownLatch left;
        volatile Throwable failed;

        Line(Supplier<CompletableFuture<?>> call, long end, CountDownLatch left) {
            this.call = call;
            this.end = end;
            this.left = left;
        }

        void ask(long now) {
            call.get().whenComplete((answer, error) -> {
                long then = System.nanoTime();
                failed = error;
                nanos.add(then - now);
                if (error == null && then < end) {
                    ask(then);
                } else {
                    left.countDown();
                }
            });
        }
    }
}
