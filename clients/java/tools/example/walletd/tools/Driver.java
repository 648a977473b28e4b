package example.walletd.tools;

import example.walletd.EventStream;
import example.walletd.Keys;
import example.walletd.Money;
import example.walletd.RetryPolicy;
import example.walletd.Tls;
import example.walletd.WalletClient;
import example.walletd.WalletClientBuilder;
import example.walletd.internal.Deframer;
import example.walletd.internal.Frame;
import example.walletd.internal.FrameException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.stream.Stream;

/**
 * Does what conformance tells it, with the client's public methods and no more: operations are JSON lines on standard
 * input, results on standard output (clients/conformance/DRIVER.md).
 */
public final class Driver {
    private static final int FRAME_BYTES_MAX = 16 << 20;

    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private final Map<String, WalletClient> clients = new ConcurrentHashMap<>();
    private final Map<String, Runnable> cancels = new ConcurrentHashMap<>(); // of calls and streams under way, by id
    private final Phaser answering = new Phaser(1);

    private Driver() {}

    /** Runs until standard input ends and everything has been answered. */
    public static void main(String[] arguments) throws IOException {
        new Driver().run();
        System.exit(0);
    }

    private void run() throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank()) {
                perform(line);
            }
        }
        answering.arriveAndAwaitAdvance();
        clients.values().forEach(WalletClient::close);
    }

    private void perform(String line) {
        Object id = null;
        try {
            Map<String, Object> operation = Json.object(line);
            id = operation.get("id");
            Object known = id;
            Arguments given = new Arguments(operation);
            given.take("id");
            String op = given.text("op");
            switch (op) {
                case "call" -> call(known, given);
                case "stream" -> thread(known, () -> stream(known, given));
                case "close" -> thread(known, () -> close(known, given));
                default -> answer(known, "ok", quick(op, given));
            }
        } catch (RuleException e) {
            Map<String, Object> error = Values.failure("protocol", e.getMessage());
            if (e.rule != null) {
                error.put("rule", e.rule);
            }
            answer(id, "error", error);
        } catch (RuntimeException e) {
            answer(id, "error", Values.error(e));
        }
    }

    /** What is called in the order of its lines is given to the client in that order. */
    private void call(Object id, Arguments given) {
        WalletClient client = client(given);
        if (given.has("timeout_millis")) {
            client = client.withTimeout(Duration.ofMillis(given.integer("timeout_millis")));
        }
        Arguments args = new Arguments(given.take("args"));
        CompletableFuture<?> call =
                Calls.begin(client.async(), given.text("verb"), args, given.is("retry_of_unknown"));
        answering.register();
        cancels.put(Json.write(id), () -> call.cancel(true));
        call.whenComplete((result, error) -> {
            cancels.remove(Json.write(id));
            if (error == null) {
                answer(id, "ok", Values.result(result));
            } else {
                answer(id, "error", Values.error(error));
            }
            answering.arriveAndDeregister();
        });
    }

    private void thread(Object id, Runnable body) {
        answering.register();
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (RuntimeException e) {
                answer(id, "error", Values.error(e));
            } finally {
                cancels.remove(Json.write(id));
                answering.arriveAndDeregister();
            }
        });
        cancels.put(Json.write(id), thread::interrupt);
        thread.start();
    }

    private void stream(Object id, Arguments given) {
        long limit = given.has("limit") ? given.integer("limit") : Long.MAX_VALUE;
        Arguments args = new Arguments(given.take("args"));
        try (EventStream<?> events = Calls.stream(client(given), given.text("verb"), args)) {
            for (long count = 0; count < limit; count++) {
                Object event = events.next();
                if (event == null) {
                    break;
                }
                answer(id, "event", Values.result(event));
            }
        }
        answer(id, "ok", Map.of());
    }

    private void close(Object id, Arguments given) {
        client(given).close();
        answer(id, "ok", Map.of());
    }

    private WalletClient client(Arguments given) {
        String name = given.text("client");
        WalletClient client = clients.get(name);
        if (client == null) {
            throw new IllegalArgumentException("no client " + name);
        }
        return client;
    }

    private Object quick(String op, Arguments given) {
        return switch (op) {
            case "connect" -> connect(given);
            case "cancel" -> {
                cancels.getOrDefault(Json.write(given.take("target")), () -> {}).run();
                yield Map.of();
            }
            case "money_parse" -> Map.of(
                    "amount", Long.toString(Money.parse(given.text("text"), given.count("exponent"))));
            case "money_format" -> Map.of("text", Money.format(given.integer("amount"), given.count("exponent")));
            case "new_key" -> Map.of("keys", Stream.generate(Keys::create).limit(given.count("count")).toList());
            case "decode_frame" -> decodeFrame(HexFormat.of().parseHex(given.text("hex")));
            case "encode_frame" -> {
                Frame frame = new Frame(
                        given.count("type"),
                        given.count("flags"),
                        given.count("code"),
                        (int) given.integer("request_id"),
                        (int) given.integer("millis"),
                        HexFormat.of().parseHex(given.text("payload")));
                yield Map.of("hex", HexFormat.of().formatHex(frame.encode()));
            }
            default -> throw new IllegalArgumentException("no operation " + op);
        };
    }

    private Object connect(Arguments given) {
        WalletClientBuilder builder = WalletClient.builder(given.text("address"));
        if (given.has("timeout_millis")) {
            builder.timeout(Duration.ofMillis(given.integer("timeout_millis")));
        }
        if (given.has("token_file")) {
            builder.tokenFile(Path.of(given.text("token_file")));
        }
        if (given.has("attempts_max")) {
            builder.retry(RetryPolicy.DEFAULT.withAttemptsMax(given.count("attempts_max")));
        }
        Object tls = given.take("tls");
        if (tls != null) {
            Arguments files = new Arguments(tls);
            Tls secure = Tls.files(path(files, "ca_file"), path(files, "cert_file"), path(files, "key_file"));
            builder.tls(files.has("server_name") ? secure.serverName(files.text("server_name")) : secure);
        }
        WalletClient old = clients.put(given.text("client"), builder.build());
        if (old != null) {
            old.close();
        }
        return Map.of();
    }

    private static Path path(Arguments files, String name) {
        return files.has(name) ? Path.of(files.text(name)) : null;
    }

    /** Bytes that are no frame. */
    private static final class RuleException extends RuntimeException {
        private static final long serialVersionUID = 1;

        final String rule; // null: it is only a part of one

        RuleException(String rule, String message) {
            super(message);
            this.rule = rule;
        }
    }

    private static Object decodeFrame(byte[] bytes) {
        Deframer deframer = new Deframer(FRAME_BYTES_MAX);
        deframer.feed(bytes);
        Frame frame;
        try {
            frame = deframer.next();
        } catch (FrameException e) {
            throw new RuleException(e.rule(), e.getMessage());
        }
        if (frame == null) {
            throw new RuleException(null, "it ends within a frame");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", frame.type());
        fields.put("flags", frame.flags());
        fields.put("code", frame.code());
        fields.put("request_id", Integer.toUnsignedLong(frame.requestId()));
        fields.put("millis", Integer.toUnsignedLong(frame.millis()));
        fields.put("payload", HexFormat.of().formatHex(frame.payload()));
        return fields;
    }

    private void answer(Object id, String member, Object value) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", id);
        line.put(member, value);
        synchronized (out) {
            out.print(Json.write(line) + "\n");
            out.flush();
        }
    }
}
