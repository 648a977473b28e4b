package example.walletd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.FakeServer.Script;
import example.walletd.internal.Frame;
import example.walletd.internal.Pb;
import example.walletd.internal.Pb.ErrorReason;
import example.walletd.internal.WriteBuffer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Servers that leave or refuse, clients that close, and how calls share a connection. */
class LeavingTest extends ClientTest {
    private static Script answersWith(com.google.protobuf.Message message) {
        return peer -> {
            peer.hello();
            peer.ok(peer.request(), message);
            peer.ends();
        };
    }

    @Test
    void goAwayFinishesWhatIsInFlight() {
        CompletableFuture<Void> finish = new CompletableFuture<>();
        FakeServer fake = fake(
                peer -> {
                    peer.hello();
                    Frame request = peer.request();
                    peer.goAway();
                    await(finish);
                    peer.ok(request, mutation(1));
                    peer.ends(); // the client closes once nothing is in flight
                },
                peer -> {
                    peer.hello();
                    while (true) {
                        peer.ok(peer.request(), mutation(2));
                    }
                });
        WalletClient client = client(fake.address());
        CompletableFuture<MutationResult> old = client.async().debit(Debit.of(WALLET, 100, "test"));
        WalletClient hasty = client.withTimeout(Duration.ofMillis(100));
        while (fake.connections() < 2) { // until GOAWAY is in, calls go to the old connection, and wait there in vain
            try {
                hasty.debit(Debit.of(WALLET, 1, "test"));
            } catch (NotExecutedException | OutcomeUnknownException e) {
                sleep(1);
            }
        }
        assertEquals(2, client.debit(Debit.of(WALLET, 1, "test")).balance());
        assertFalse(old.isDone());
        finish.complete(null);
        assertEquals(1, joined(old).balance());
    }

    @Test
    void aRequestBehindGoAwayIsSentAgain() {
        FakeServer fake = fake(
                peer -> {
                    peer.hello();
                    Frame request = peer.request();
                    peer.goAway();
                    peer.fail(request, ErrorReason.ERROR_REASON_UNAVAILABLE, 14);
                    peer.ends();
                },
                answersWith(mutation(2)));
        assertEquals(2, debit(eager(fake.address())).balance());
    }

    @Test
    void whatWaitsItsTurnMovesAtGoAwayAndCostsNoBudget() {
        FakeServer fake = fake(
                peer -> {
                    peer.hello(Pb.Limits.newBuilder().setRequestsInFlightMax(1).build());
                    Frame request = peer.request();
                    sleep(100); // the others queue up behind it
                    peer.goAway();
                    peer.ok(request, pong(1));
                    peer.ends();
                },
                peer -> {
                    peer.hello();
                    while (true) {
                        peer.ok(peer.request(), pong(2));
                    }
                });
        WalletClient client = eager(fake.address());
        while (client.core().budget.spend()) {
            // until there is none
        }
        List<CompletableFuture<Pong>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(client.async().withTimeout(PATIENCE).ping());
        }
        calls.forEach(ClientTest::joined);
    }

    @Test
    void aConnectionThatEndedWhileIdle() {
        Script script = peer -> {
            peer.hello();
            peer.ok(peer.request(), mutation(1));
        };
        FakeServer fake = fake(script, script);
        WalletClient client = eager(fake.address());
        debit(client);
        debit(client);
        assertEquals(2, fake.connections());
    }

    @Test
    void tokens() throws IOException {
        String secret = "s3cret-token-value";
        Path file = folder().resolve("token");
        Files.writeString(file, secret + "\n");
        Script refuses = peer -> {
            assertEquals(secret, peer.readHello().getCredentials().getToken());
            Pb.Error error = Pb.Error.newBuilder()
                    .setReason(ErrorReason.ERROR_REASON_UNAUTHENTICATED)
                    .setMessage("who?")
                    .build();
            peer.send(Frame.of(Frame.CONNECTION_ERROR, 0), error);
        };
        for (boolean inFile : new boolean[] {false, true}) {
            FakeServer fake = fake(refuses);
            WalletClient client =
                    client(fake.address(), builder -> inFile ? builder.tokenFile(file) : builder.token(secret));
            UnauthenticatedException e = assertNotExecuted(UnauthenticatedException.class, () -> debit(client));
            assertEquals(KEY, e.key());
            assertEquals(Reason.UNAUTHENTICATED, e.reason());
            assertFalse((e + client.core().settings.toString()).contains(secret));
            assertEquals(1, fake.connections());
        }
        for (String token : List.of("one", "two")) { // it is read at each connect
            Files.writeString(file, "  " + token + " \n");
            FakeServer fake = fake(peer -> {
                assertEquals(token, peer.hello().getCredentials().getToken());
                peer.ok(peer.request(), pong(1));
            });
            client(fake.address(), builder -> builder.tokenFile(file)).ping();
        }
        WalletClient without = client(refusedAddress(), builder -> builder.tokenFile(file.resolveSibling("none")));
        assertNotExecuted(UnauthenticatedException.class, without::ping);
    }

    private static Script refusesConnection(ErrorReason reason) {
        return peer -> {
            peer.readHello();
            Pb.Error error = Pb.Error.newBuilder().setReason(reason).setMessage("scripted").build();
            peer.send(Frame.of(Frame.CONNECTION_ERROR, 0), error);
        };
    }

    @Test
    void aConnectionThatIsRefused() {
        FakeServer full = fake(
                refusesConnection(ErrorReason.ERROR_REASON_RESOURCE_EXHAUSTED), answersWith(mutation(4)));
        assertEquals(4, debit(eager(full.address())).balance());

        FakeServer other = fake(refusesConnection(ErrorReason.ERROR_REASON_INVALID_ARGUMENT));
        WalletClient elsewhere = client(other.address(), builder -> builder.ledgerId("L"));
        RejectedException e = assertRejected(Reason.INVALID_ARGUMENT, () -> debit(elsewhere));
        assertEquals(0, e.status());
        assertEquals(KEY, e.key());

        FakeServer strange = fake(refusesConnection(ErrorReason.ERROR_REASON_INVALID_FRAME));
        assertNotExecuted(ProtocolException.class, () -> debit(eager(strange.address())));

        FakeServer later = fake(peer -> {
            peer.hello();
            peer.request();
            Pb.Error error = Pb.Error.newBuilder().setReason(ErrorReason.ERROR_REASON_UNAVAILABLE).build();
            peer.send(Frame.of(Frame.CONNECTION_ERROR, 0), error);
        });
        assertUnknown(() -> debit(client(later.address(), builder -> builder.retry(RetryPolicy.NEVER))));
    }

    @Test
    void pingIsAnsweredWithPongAndUnknownFieldsAreIgnored() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            Frame request = peer.request();
            peer.send(Frame.of(Frame.PING, 77, "12345678".getBytes()));
            Frame pong = peer.read();
            assertEquals(Frame.PONG, pong.type());
            assertEquals(77, pong.requestId());
            assertArrayEquals("12345678".getBytes(), pong.payload());
            WriteBuffer payload = new WriteBuffer(16);
            payload.put(pong(5).toByteArray());
            payload.put(new byte[] {(byte) 0x98, 6, 1});
            peer.send(Frame.of(Frame.RESPONSE, request.requestId(), payload.toBytes()));
            peer.ends();
        });
        assertEquals(5, client(fake.address()).ping().commitSeq());
    }

    @Test
    void aPeerThatSendsPingsAndReadsNoPongs() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            peer.request();
            WriteBuffer pings = new WriteBuffer(1000);
            for (int i = 0; i < 1000; i++) {
                Frame.of(Frame.PING, 1, new byte[8]).appendTo(pings);
            }
            while (true) {
                peer.write(pings.toBytes());
            }
        });
        WalletClient client = client(fake.address(), builder -> builder.timeout(PATIENCE));
        assertNotExecuted(ProtocolException.class, client::ping); // what is to be sent has a bound
    }

    @Test
    void callsShareAConnectionAndAnswersComeInAnyOrder() {
        int calls = 50;
        FakeServer fake = fake(peer -> {
            peer.hello();
            List<Frame> requests = new ArrayList<>();
            Set<Integer> ids = new HashSet<>();
            for (long amount = 1; amount <= calls; amount++) {
                Frame request = peer.request();
                requests.add(0, request);
                ids.add(request.requestId());
                Pb.DebitRequest debit = Pb.DebitRequest.parseFrom(request.payload());
                assertEquals(amount, debit.getAmount(), "calls of one thread keep their order");
            }
            assertEquals(calls, ids.size());
            for (Frame request : requests) {
                peer.ok(request, mutation(Pb.DebitRequest.parseFrom(request.payload()).getAmount()));
            }
            peer.ends();
        });
        AsyncWalletClient client = client(fake.address()).async();
        List<CompletableFuture<MutationResult>> results = new ArrayList<>();
        for (int amount = 1; amount <= calls; amount++) {
            results.add(client.debit(Debit.of(WALLET, amount, "test")));
        }
        for (int i = 0; i < calls; i++) {
            assertEquals(i + 1, joined(results.get(i)).balance());
        }
    }

    @Test
    void noMoreAreInFlightThanTheServerAllows() {
        int max = 3;
        int calls = 12;
        FakeServer fake = fake(peer -> {
            peer.hello(Pb.Limits.newBuilder().setRequestsInFlightMax(max).build());
            for (int answered = 0; answered < calls; answered += max) {
                List<Frame> requests = new ArrayList<>();
                for (int i = 0; i < max; i++) {
                    requests.add(peer.request());
                }
                peer.socket.setSoTimeout(50);
                assertThrows(SocketTimeoutException.class, peer::read, "more are in flight");
                peer.socket.setSoTimeout((int) PATIENCE.toMillis());
                for (Frame request : requests) {
                    peer.ok(request, pong(1));
                }
            }
            peer.ends();
        });
        AsyncWalletClient client = client(fake.address()).async();
        List<CompletableFuture<Pong>> results = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            results.add(client.ping());
        }
        results.forEach(ClientTest::joined);
    }

    @Test
    void aFewConnectionsTakeCallsInTurn() {
        AtomicIntegerArray served = new AtomicIntegerArray(3);
        Script[] scripts = new Script[3];
        for (int i = 0; i < scripts.length; i++) {
            int own = i;
            scripts[i] = peer -> {
                peer.hello();
                while (true) {
                    Frame request = peer.request();
                    served.incrementAndGet(own);
                    peer.ok(request, pong(1));
                }
            };
        }
        WalletClient client = client(fake(scripts).address(), builder -> builder.connections(3));
        for (int i = 0; i < 9; i++) {
            client.ping();
        }
        assertEquals("[3, 3, 3]", served.toString());
    }

    @Test
    void closing() {
        WalletClient client = client(refusedAddress());
        client.close();
        client.close();
        assertEquals(KEY, assertNotExecuted(ClientClosedException.class, () -> debit(client)).key());
        assertNotExecuted(ClientClosedException.class, () -> joined(client.async().ping()));
        EventStream<WatchEvent> watch = client.watchTransactions(WatchTransactions.fromNow());
        assertNotExecuted(ClientClosedException.class, watch::next);
    }

    @Test
    void closingEndsTheCallsThatWait() {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        FakeServer fake = fake(peer -> {
            peer.hello(Pb.Limits.newBuilder().setRequestsInFlightMax(1).build());
            peer.request();
            asked.complete(null);
            peer.ends();
        });
        WalletClient client = client(fake.address());
        CompletableFuture<MutationResult> inFlight = client.async().debit(Debit.of(WALLET, 1, "test"));
        await(asked);
        CompletableFuture<MutationResult> queued = client.async().debit(Debit.of(WALLET, 1, "test"));
        client.close();
        assertUnknown(() -> joined(inFlight));
        assertNotExecuted(ClientClosedException.class, () -> joined(queued));
        assertTrue(clientThreads().isEmpty(), "when close returns nothing is left");
    }

    @Test
    void closingWhileItWaitsToTryAgain() {
        RetryPolicy patient = RetryPolicy.DEFAULT.withBackoff(Duration.ofMinutes(30), Duration.ofMinutes(30));
        WalletClient client =
                client(refusedAddress(), builder -> builder.timeout(Duration.ofHours(2)).retry(patient));
        CompletableFuture<MutationResult> async = client.async().debit(Debit.of(WALLET, 1, "test"));
        CompletableFuture<MutationResult> blocking = CompletableFuture.supplyAsync(() -> debit(client));
        sleep(100); // until they wait; before that they would end the same way
        client.close();
        assertNotExecuted(ClientClosedException.class, () -> joined(async));
        assertNotExecuted(ClientClosedException.class, () -> joined(blocking));
    }

    @Test
    void whatADebitSends() {
        Instant at = Instant.parse("2026-03-01T12:00:00.000007Z");
        String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        FakeServer fake = fake(peer -> {
            Pb.Hello hello = peer.hello();
            assertEquals(List.of(1), hello.getVersionsList());
            assertEquals("till-7", hello.getClientName());
            assertEquals("L", hello.getLedgerId());
            assertFalse(hello.hasCredentials());
            Frame request = peer.request();
            assertEquals(Pb.Method.METHOD_DEBIT_VALUE, request.code());
            Pb.DebitRequest sent = Pb.DebitRequest.parseFrom(request.payload());
            assertNotEquals("", sent.getIdempotencyKey());
            Pb.DebitRequest wanted = Pb.DebitRequest.newBuilder()
                    .setWallet(Pb.WalletRef.newBuilder().setOwnerId("u-1").setCurrency("USD"))
                    .setAmount(5)
                    .setIdempotencyKey(sent.getIdempotencyKey())
                    .setReason("esim.purchase")
                    .setNote("n")
                    .setReference("r")
                    .setCorrelationId(traceparent)
                    .setOnBehalfOf("o")
                    .setOccurredAtMicros(1_772_366_400_000_007L)
                    .setExpectedVersion(4)
                    .setCounterAccount("adjustments")
                    .setDryRun(true)
                    .addMetadata(Pb.MetadataEntry.newBuilder().setKey("a").setValue("b"))
                    .addMetadata(Pb.MetadataEntry.newBuilder().setKey("c").setValue("d"))
                    .build();
            assertEquals(wanted, sent);
            Pb.Transaction row = Pb.Transaction.newBuilder()
                    .setId(9)
                    .setKindValue(99)
                    .setAmount(-5)
                    .setOccurredAtMicros(sent.getOccurredAtMicros())
                    .addMetadata(Pb.MetadataEntry.newBuilder().setKey("a").setValue("b"))
                    .build();
            peer.ok(request, mutation(3).toBuilder().setTransaction(row).build());
            peer.ends();
        });
        WalletClient client = client(fake.address(), builder -> builder.clientName("till-7").ledgerId("L"));
        Transaction row = client.debit(Debit.of(WALLET, 5, "esim.purchase")
                        .expectedVersion(4)
                        .counterAccount("adjustments")
                        .note("n")
                        .reference("r")
                        .onBehalfOf("o")
                        .correlationId(traceparent)
                        .occurredAt(at)
                        .metadata(Map.of("c", "d", "a", "b"))
                        .dryRun(true))
                .transaction();
        assertEquals(TransactionKind.UNRECOGNIZED, row.kind());
        assertEquals(Map.of("a", "b"), row.metadata());
        assertEquals(at, row.occurredAt());
        assertNull(row.createdAt());
        assertEquals(-5, row.amount());
    }

    /** However it ended, no socket is left. */
    @Test
    void noSocketIsLeft() throws IOException {
        Certificates made = new Certificates(folder()).make("server", "IP:127.0.0.1", 30);
        int before = 0;
        int rounds = 3; // what a process opens once is open after the first round
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 10; i++) {
                ManualDeadline deadline = new ManualDeadline();
                FakeServer silent = fake(peer -> {
                    peer.hello();
                    peer.request();
                    deadline.expire();
                    peer.ends();
                });
                try (WalletClient client = WalletClient.connect(silent.address())) {
                    assertUnknown(() -> debit(with(client, deadline)));
                }
                FakeServer resets = fake(FakeServer.Peer::reset);
                FakeServer foreign = secureFake(made.context("server"), FakeServer.Peer::ends);
                for (String address : List.of(refusedAddress(), resets.address(), foreign.address())) {
                    WalletClientBuilder builder =
                            WalletClient.builder(address).tls(Tls.system()).retry(RetryPolicy.NEVER);
                    try (WalletClient client = builder.build()) {
                        assertThrows(NotExecutedException.class, client::ping);
                    }
                }
            }
            int listening = 30 * (round + 1); // the scripted servers end with the test
            if (round == 0) {
                before = openFiles() - listening;
            } else {
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (openFiles() - listening > before && System.nanoTime() < end) {
                    sleep(10);
                }
                assertTrue(openFiles() - listening <= before, before + " were open, and more are");
            }
        }
    }

    private static int openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }
}
