package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real server on a loopback port, over one folder of data. */
final class RealServer implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:[0-9]+)");

    private final Path data;
    private final List<String> options;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private String address = "127.0.0.1:0";
    private Process process;

    RealServer(Path data, String... options) {
        this.data = data;
        this.options = List.of(options);
        start();
    }

    /** Named by WALLETD. A missing one is a failure. */
    static String program() {
        String named = System.getenv("WALLETD");
        assertTrue(
                named != null && Files.isExecutable(Path.of(named)),
                () -> "no server to test against: name it by WALLETD, not " + named);
        return named;
    }

    String address() {
        return address;
    }

    /** Starts it, on the port that it had before if there was one. */
    void start() {
        List<String> command = new ArrayList<>(
                List.of(program(), "serve", "--data", data.toString(), "--listen", address));
        command.addAll(options);
        CompletableFuture<String> found = new CompletableFuture<>();
        try {
            process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new AssertionError("no server to test against", e);
        }
        Process started = process;
        Thread lines = new Thread(() -> listen(started, found), "server-lines");
        lines.setDaemon(true);
        lines.start();
        try {
            address = found.get(2 * ClientTest.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("walletd does not listen; it said: " + said, e);
        }
    }

    private void listen(Process started, CompletableFuture<String> found) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(started.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                Matcher match = LISTENING.matcher(line);
                if (match.find()) {
                    found.complete(match.group(1));
                }
            }
        } catch (IOException e) {
            // It has ended.
        }
        found.completeExceptionally(new IOException("it has ended"));
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.destroyForcibly();
        join();
    }

    /** Asks it to leave with SIGTERM, and waits until it has, which has to be a good end. */
    void terminate() {
        process.destroy();
        assertEquals(0, join(), () -> "it said: " + said);
    }

    private int join() {
        try {
            assertTrue(
                    process.waitFor(2 * ClientTest.PATIENCE.toSeconds(), TimeUnit.SECONDS),
                    () -> "walletd does not stop; it said: " + said);
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
