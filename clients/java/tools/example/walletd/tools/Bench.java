package example.walletd.tools;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Calls per second on one connection, and their latencies: SECONDS (5) for each row, against the server that WALLETD
 * names. One thread for each call in flight waits for its answers.
 */
public final class Bench {
    private static final int WALLETS = 1_000;
    private static final int IN_FLIGHT = 64;
    private static final int WARM_UP_SECONDS = 2;

    private Bench() {}

    /** Starts the server, and measures. */
    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("walletd-bench");
        Process server = new ProcessBuilder(
                        System.getenv("WALLETD"), "serve", "--data", data.toString(), "--listen", "127.0.0.1:0")
                .start();
        try (WalletClient client = WalletClient.connect(addressOf(server))) {
            measure(client);
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

    private static void measure(WalletClient client) throws InterruptedException {
        String secondsText = System.getenv("SECONDS");
        int seconds = secondsText == null ? 5 : Integer.parseInt(secondsText);
        List<WalletMutation<?>> opens = new ArrayList<>();
        List<WalletRef> wallets = new ArrayList<>();
        for (int i = 0; i < WALLETS; i++) {
            opens.add(OpenWallet.of("bench-" + i, "EUR", "bench"));
            wallets.add(WalletRef.of("bench-" + i, "EUR"));
        }
        client.batch(Batch.of(opens));
        client.batch(Batch.of(wallets.stream().map(w -> Credit.of(w, 1_000_000_000, "bench")).toList()));
        System.out.println(client.getServerInfo().serverName() + ", " + client.getServerInfo().build()
                + " build; 1 connection");
        Consumer<WalletRef> debit = wallet -> client.debit(Debit.of(wallet, 1, "bench"));
        Consumer<WalletRef> balance = client::getBalance;
        run(null, IN_FLIGHT, WARM_UP_SECONDS, wallets, debit);
        run(null, IN_FLIGHT, WARM_UP_SECONDS, wallets, balance);
        run("Debit", IN_FLIGHT, seconds, wallets, debit);
        run("Debit", 1, seconds, wallets, debit);
        run("GetBalance", IN_FLIGHT, seconds, wallets, balance);
        run("GetBalance", 1, seconds, wallets, balance);
    }

    private static void run(String name, int inFlight, int seconds, List<WalletRef> wallets, Consumer<WalletRef> call)
            throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        List<LongStream.Builder> latencies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < inFlight; i++) {
            LongStream.Builder own = LongStream.builder();
            latencies.add(own);
            Thread thread = new Thread(() -> {
                for (long now = System.nanoTime(); now < end; ) {
                    call.accept(wallets.get(Math.floorMod(next.getAndIncrement(), WALLETS)));
                    long then = System.nanoTime();
                    own.add(then - now);
                    now = then;
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long[] all = latencies.stream().flatMapToLong(LongStream.Builder::build).toArray();
        if (name != null) {
            double took = (System.nanoTime() - start) / 1e9;
            Arrays.sort(all);
            System.out.printf(
                    "%-10s × %-3d %8.0f calls/s   median %6.3f ms   99 %% %7.3f ms%n",
                    name, inFlight, all.length / took, all[all.length / 2] / 1e6, all[all.length * 99 / 100] / 1e6);
        }
    }
}
