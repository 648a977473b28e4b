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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The samples against a real server, and the README against the samples. */
class SamplesTest extends ClientTest {
    private static final Pattern BLOCK = Pattern.compile(
            "(?s)<!-- samples/(\\w+)\\.java -->\\n```java\\n(.*?)```\\n(?:\\n```text\\n(.*?)```\\n)?");

    private static ProcessBuilder sample(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of("java", "-cp", System.getProperty("walletd.classpath"), name));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static String run(String name, String... arguments) {
        try {
            Process process = sample(name, arguments).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), name);
            return said;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String squeezed(String code) {
        return code.strip().replaceAll("(?m)^ +", "");
    }

    @Test
    void theReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        RealServer server = server();
        Map<String, String> printed = new HashMap<>();
        int found = 0;
        for (Matcher block = BLOCK.matcher(readme); block.find(); found++) {
            String name = block.group(1);
            String code = Files.readString(Path.of("samples", name + ".java"));
            assertTrue(squeezed(code).contains(squeezed(block.group(2))), "not in " + name + ":\n" + block.group(2));
            if (block.group(3) != null) {
                String said = printed.computeIfAbsent(name, one -> run(one, server.address()));
                assertTrue(said.contains(block.group(3)), name + " prints\n" + said + "not\n" + block.group(3));
            }
        }
        assertEquals(readme.split("```java\n", -1).length - 1, found, "each block of code names its sample");
        for (String name : List.of("Shortest", "Basic", "EsimOrder", "Batches", "Futures")) {
            assertTrue(printed.containsKey(name), "the README has not what " + name + " prints");
        }
    }

    @Test
    void retryOverConnectionsThatAreCut() {
        Proxy proxy = proxy(server().address());
        AtomicBoolean stop = new AtomicBoolean();
        Thread cutting = new Thread(() -> {
            while (!stop.get()) {
                sleep(25);
                proxy.cut();
            }
        });
        cutting.start();
        try {
            assertEquals("20 orders are paid, left are 80.00 EUR\n", run("Retry", proxy.address()));
        } finally {
            stop.set(true);
        }
    }

    @Test
    void watchAll() throws Exception {
        RealServer server = server();
        Process process = sample("WatchAll", server.address()).start();
        WalletClient client = client(server.address());
        client.openWallet(OpenWallet.of("user-50", "EUR", "signup"));
        AtomicBoolean stop = new AtomicBoolean();
        Thread paying = new Thread(() -> { // it watches from when it stands, so money comes until it is seen
            while (!stop.get()) {
                client.credit(Credit.of(WalletRef.of("user-50", "EUR"), 5, "topup"));
                sleep(10);
            }
        });
        paying.start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (int i = 0; i < 2; i++) {
                String line = lines.readLine();
                assertTrue(line != null && line.matches("CREDIT \\d+ to \\d+"), line);
            }
        } finally {
            stop.set(true);
            process.destroyForcibly();
            paying.join();
        }
    }

    @Test
    void secure() throws IOException {
        Certificates made = new Certificates(folder()).make("server", "IP:127.0.0.1", 30);
        Path token = Files.writeString(made.path("token"), "secret\n");
        FakeServer fake = secureFake(made.context("server"), peer -> {
            assertEquals("secret", peer.hello().getCredentials().getToken());
            peer.ok(
                    peer.request(),
                    example.walletd.internal.Pb.GetServerInfoResponse.newBuilder()
                            .setServerName("scripted")
                            .build());
            peer.ends();
        });
        String said = run("Secure", fake.address(), made.authority().toString(), token.toString());
        assertEquals("served by scripted\n", said);
    }
}
