package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.FakeServer.Script;
import example.walletd.internal.Frame;
import example.walletd.internal.Pb;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The way to the server, and peers that speak something else. */
class WayTest extends ClientTest {
    @Test
    void nobodyListens() {
        for (Duration timeout : List.of(Duration.ofMillis(300), Duration.ofSeconds(10))) {
            WalletClient client = client(refusedAddress(), builder -> builder.timeout(timeout).retry(EAGER));
            assertWithin(timeout.plusSeconds(10), () -> {
                NotExecutedException e = assertThrows(NotExecutedException.class, () -> debit(client));
                assertEquals(KEY, e.key());
                boolean isLate = e instanceof DeadlineExceededException; // on a busy machine
                assertTrue(isLate || e instanceof DisconnectedException && e.getCause() != null, e::toString);
            });
        }
        assertNotExecuted(
                DisconnectedException.class, () -> client("host.invalid:1", b -> b.retry(RetryPolicy.NEVER)).ping());
    }

    @Test
    void aPortThatAcceptsAndNeverAnswers() {
        FakeServer fake = fake(FakeServer.Peer::ends);
        WalletClient client = client(fake.address(), builder -> builder.timeout(Duration.ofMillis(200)));
        assertWithin(Duration.ofSeconds(20), () -> {
            assertEquals(KEY, assertNotExecuted(DeadlineExceededException.class, () -> debit(client)).key());
            assertNotExecuted(DeadlineExceededException.class, client::ping);
            assertNotExecuted(DeadlineExceededException.class, () -> joined(client.async().ping()));
        });
    }

    @Test
    void connectingHasALimitOfItsOwn() {
        FakeServer fake = fake(FakeServer.Peer::ends, FakeServer.Peer::ends);
        WalletClient client = client(fake.address(), builder -> builder.timeout(PATIENCE)
                .connectTimeout(Duration.ofMillis(100))
                .retry(EAGER.withAttemptsMax(2)));
        assertNotExecuted(DisconnectedException.class, () -> debit(client));
        assertEquals(2, fake.connections());
    }

    @Test
    void aUnixSocket() throws Exception {
        Path path = folder().resolve("s");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            Thread serving = new Thread(() -> {
                try (SocketChannel channel = listener.accept()) {
                    channel.read(ByteBuffer.allocate(4096)); // the preface and HELLO
                    Pb.HelloAck ack = Pb.HelloAck.newBuilder().setVersion(1).build();
                    channel.write(ByteBuffer.wrap(
                            Frame.of(Frame.HELLO_ACK, 0, ack.toByteArray()).encode()));
                    channel.read(ByteBuffer.allocate(4096)); // the first request, whose id is 1
                    channel.write(ByteBuffer.wrap(
                            Frame.of(Frame.RESPONSE, 1, pong(3).toByteArray()).encode()));
                    channel.read(ByteBuffer.allocate(1)); // its end
                } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            serving.start();
            WalletClient client = client("unix:" + path);
            assertEquals(3, client.ping().commitSeq());
            client.close();
            serving.join(PATIENCE.toMillis());
        }
        WalletClient gone = client("unix:" + path.resolveSibling("none"), b -> b.retry(RetryPolicy.NEVER));
        assertNotExecuted(DisconnectedException.class, gone::ping);
    }

    @Test
    void whatCannotBe() {
        for (String address : List.of(
                "", "localhost", "localhost:", "localhost:x", "a:b:1", "h:65536", "h:0", "h:-1", ":7000", "unix:",
                "::1:7000", "[::1]", "[h]:1", "h:123456")) {
            assertThrows(IllegalArgumentException.class, () -> WalletClient.builder(address), address);
        }
        for (String address : List.of("localhost:7000", "[::1]:7000", "unix:/run/walletd")) {
            assertEquals(address, Address.parse(address).toString());
        }
        WalletClientBuilder builder = WalletClient.builder("localhost:7000");
        for (Runnable bad : List.<Runnable>of(
                () -> builder.timeout(Duration.ZERO),
                () -> builder.timeout(Duration.ofSeconds(Long.MAX_VALUE)),
                () -> builder.connectTimeout(Duration.ofMillis(-1)),
                () -> builder.connections(0),
                () -> builder.clientName("ä".repeat(33)),
                () -> builder.build().withTimeout(Duration.ZERO),
                () -> WalletClient.builder("h:1").token("a").tokenFile(Path.of("b")).build(),
                () -> WalletClient.builder("unix:/run/walletd").tls(Tls.system()).build())) {
            assertThrows(IllegalArgumentException.class, bad::run);
        }
    }

    @Test
    void aServerOfAnotherProtocol() {
        byte[] noise = new byte[70];
        new Random(1).nextBytes(noise);
        noise[0] = 0;
        noise[1] = 0;
        noise[2] = 0;
        noise[3] = 0x20;
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("http", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        all.put("noise", noise);
        all.put("zeros", new byte[64]);
        all.put("ssh", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n".getBytes(StandardCharsets.US_ASCII));
        all.put("a request", Frame.of(Frame.REQUEST, 1).encode());
        all.put("an answer", Frame.of(Frame.RESPONSE, 1).encode());
        all.put("no ack", Frame.of(Frame.HELLO_ACK, 0, new byte[] {-1}).encode());
        all.put("version 2", Frame.of(Frame.HELLO_ACK, 0, new byte[] {8, 2}).encode());
        all.forEach((name, said) -> {
            Script script = peer -> {
                peer.write(said);
                peer.ends();
            };
            FakeServer fake = fake(script, script);
            WalletClient client = client(fake.address(), builder -> builder.timeout(PATIENCE));
            // Nothing was sent but HELLO, so a mutation too is certain not to have happened.
            assertEquals(KEY, assertNotExecuted(ProtocolException.class, () -> debit(client)).key(), name);
            assertNotExecuted(ProtocolException.class, () -> client.getBalance(WALLET));
            assertEquals(2, fake.connections(), "a protocol error is not tried again");
        });
    }

    @Test
    void garbageInsteadOfAnAnswer() {
        Map<String, Function<Frame, byte[]>> all = new LinkedHashMap<>();
        all.put("checksum", request -> {
            byte[] bytes = Frame.of(Frame.RESPONSE, request.requestId(), new byte[] {0x10, 5}).encode();
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        });
        all.put("oversized", request -> new byte[] {0x7f, -1, -1, -1});
        all.put("undersized", request -> new byte[8]);
        all.put("body", request -> Frame.of(Frame.RESPONSE, request.requestId(), new byte[] {-1, -1}).encode());
        all.put("error body", request -> new Frame(
                        Frame.RESPONSE, Frame.NOT_EXECUTED, 9, request.requestId(), 0, new byte[] {-1, -1})
                .encode());
        all.put("ok and not executed", request -> new Frame(
                        Frame.RESPONSE, Frame.NOT_EXECUTED, 0, request.requestId(), 0, new byte[0])
                .encode());
        all.put("an answer to no request", request -> Frame.of(Frame.RESPONSE, 0).encode());
        all.put("a second ack", request -> Frame.of(Frame.HELLO_ACK, 0).encode());
        all.forEach((name, answer) -> {
            Script script = peer -> {
                peer.hello();
                peer.write(answer.apply(peer.request()));
                peer.ends();
            };
            WalletClient mutating = eager(fake(script).address()).withTimeout(PATIENCE);
            OutcomeUnknownException e = assertUnknown(() -> debit(mutating));
            assertInstanceOf(ProtocolException.class, e.lastAttempt(), name);
            WalletClient reading = eager(fake(script).address()).withTimeout(PATIENCE);
            assertNotExecuted(ProtocolException.class, () -> reading.getBalance(WALLET));
        });
    }

    @Test
    void aFrameOverTheLimitCostsNoMemory() {
        FakeServer fake = fake(peer -> {
            peer.hello(Pb.Limits.newBuilder().setResponseBytesMax(4096).build());
            peer.request();
            peer.write(new byte[] {4, 0, 0, 0}); // and nothing behind it: the length alone ends the connection
            peer.ends();
        });
        WalletClient client = client(fake.address(), builder -> builder.timeout(PATIENCE));
        assertNotExecuted(ProtocolException.class, () -> client.getBalance(WALLET));
    }

    @Test
    void aRequestOverTheServersLimitIsNotSent() {
        FakeServer fake = fake(peer -> {
            peer.hello(Pb.Limits.newBuilder().setRequestBytesMax(4096).build());
            peer.ok(peer.request(), pong(1));
            peer.ends();
        });
        WalletClient client = client(fake.address());
        Debit debit = Debit.of(WALLET, 1, "test").key(KEY).note("n".repeat(5000));
        assertEquals(KEY, assertNotExecuted(InvalidCallException.class, () -> client.debit(debit)).key());
        assertEquals(1, client.ping().commitSeq()); // the connection still serves
    }

    /** Whatever a peer sends: each call ends with a typed error, and nothing breaks. */
    @Test
    void randomFrames() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Script script = peer -> {
            synchronized (random) { // one peer at a time has the source
                if (random.nextInt(4) > 0) {
                    peer.hello();
                }
                while (random.nextInt(10) > 0) {
                    byte[] payload = new byte[random.nextInt(20)];
                    random.nextBytes(payload);
                    byte[] bytes = new Frame(
                                    random.nextInt(12),
                                    random.nextInt(16),
                                    random.nextInt(20),
                                    random.nextInt(4),
                                    random.nextInt(20),
                                    payload)
                            .encode();
                    if (random.nextInt(10) == 0) {
                        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                    peer.write(bytes);
                }
            }
        };
        int rounds = 200;
        Script[] scripts = new Script[rounds * 20];
        Arrays.fill(scripts, script);
        WalletClient client = client(
                fake(scripts).address(), builder -> builder.timeout(Duration.ofMillis(50)).retry(EAGER));
        for (int i = 0; i < rounds; i++) {
            int round = i;
            long start = System.nanoTime();
            try {
                switch (round % 4) {
                    case 0 -> client.debit(Debit.of(WALLET, 1, "test"));
                    case 1 -> client.getBalance(WALLET);
                    case 2 -> joined(client.async().getWallet(WALLET));
                    default -> {
                        try (EventStream<WatchEvent> watch = client.watchTransactions(
                                WatchTransactions.fromNow().patience(Duration.ofMillis(1)))) {
                            for (int j = 0; j < 3 && watch.next() != null; ) {
                                j++;
                            }
                        }
                    }
                }
            } catch (WalletException e) {
                assertTrue(e.getMessage() != null, "seed " + seed);
            }
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60), "seed " + seed);
        }
    }
}
