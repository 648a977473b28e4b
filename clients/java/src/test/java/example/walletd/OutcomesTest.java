package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.FakeServer.Script;
import example.walletd.internal.Frame;
import example.walletd.internal.Pb;
import example.walletd.internal.Pb.ErrorReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What becomes of a call: each row of the contract, by scripts. */
class OutcomesTest extends ClientTest {
    /** Takes a request and closes without an answer. */
    private static final Script DROPS = peer -> {
        peer.hello();
        peer.request();
    };

    private static Script refusesAll(ErrorReason reason, int status) {
        return peer -> {
            peer.hello();
            while (true) {
                peer.fail(peer.request(), reason, status);
            }
        };
    }

    private static Pb.Error.Builder insufficient() {
        return Pb.Error.newBuilder()
                .setReason(ErrorReason.ERROR_REASON_INSUFFICIENT_FUNDS)
                .setCommitSeq(12)
                .setMessage("too little")
                .setInsufficientFunds(Pb.InsufficientFunds.newBuilder().setRequested(100).setShortfall(60));
    }

    @Test
    void aLostAnswerIsAskedForAgainWithTheSameKey() {
        List<String> keys = Collections.synchronizedList(new ArrayList<>());
        FakeServer fake = fake(
                peer -> {
                    peer.hello();
                    keys.add(Pb.DebitRequest.parseFrom(peer.request().payload()).getIdempotencyKey());
                },
                peer -> {
                    peer.hello();
                    keys.add(Pb.DebitRequest.parseFrom(peer.request().payload()).getIdempotencyKey());
                    peer.reset();
                },
                peer -> {
                    peer.hello();
                    Frame request = peer.request();
                    keys.add(Pb.DebitRequest.parseFrom(request.payload()).getIdempotencyKey());
                    Frame answer = new Frame(Frame.RESPONSE, Frame.REPLAYED, 0, request.requestId(), 0, new byte[0]);
                    peer.send(answer, mutation(900).toBuilder().setReplayed(true).build());
                    peer.ends();
                });
        WalletClient client = eager(fake.address());
        MutationResult result = client.debit(Debit.of(WALLET, 100, "test"));
        assertTrue(result.replayed());
        assertEquals(900, result.balance());
        assertEquals(List.of(result.key(), result.key(), result.key()), keys);
        assertEquals(0, client.core().unresolved.size(), "a replay resolves the key");
    }

    @Test
    void aLostAnswerEachTime() {
        FakeServer fake = fake(Collections.nCopies(8, DROPS).toArray(Script[]::new));
        WalletClient client = eager(fake.address());
        OutcomeUnknownException e = assertUnknown(() -> debit(client));
        assertEquals(KEY, e.key());
        assertInstanceOf(DisconnectedException.class, e.lastAttempt());
        assertEquals(4, fake.connections());
        assertNotExecuted(DisconnectedException.class, () -> client.getBalance(WALLET));
        assertEquals(8, fake.connections());
    }

    @TestFactory
    Stream<DynamicTest> notExecutedAfterUnknownDoesNotCallTheMoneyUnmoved() {
        record One(ErrorReason reason, int status) {}
        return Stream.of(
                        new One(ErrorReason.ERROR_REASON_UNAVAILABLE, 14),
                        new One(ErrorReason.ERROR_REASON_RESOURCE_EXHAUSTED, 8),
                        new One(ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED, 4),
                        new One(ErrorReason.ERROR_REASON_CANCELLED, 1),
                        new One(ErrorReason.ERROR_REASON_VERSION_CONFLICT, 10),
                        new One(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, 3),
                        new One(ErrorReason.ERROR_REASON_UNAUTHENTICATED, 16),
                        new One(ErrorReason.ERROR_REASON_IDEMPOTENCY_MISMATCH, 6),
                        new One(ErrorReason.ERROR_REASON_INTERNAL, 13),
                        new One(ErrorReason.ERROR_REASON_PERMISSION_DENIED, 7))
                .map(one -> DynamicTest.dynamicTest(one.reason.name(), () -> {
                    WalletClient client = eager(fake(DROPS, refusesAll(one.reason, one.status)).address());
                    assertUnknown(() -> debit(client));
                    assertUnknown(() -> debit(client)); // the client remembers it beyond the call
                    Debit other = Debit.of(WALLET, 100, "test").key("another-key");
                    WalletException e = assertThrows(WalletException.class, () -> client.debit(other));
                    assertTrue(!(e instanceof OutcomeUnknownException), e::getMessage);
                    client.close();
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatResolvesAnUnknownKey() {
        record One(String name, boolean isKnown, int status, int flags, Pb.Error.Builder error) {}
        Pb.Error.Builder aborted = Pb.Error.newBuilder().setReason(ErrorReason.ERROR_REASON_BATCH_ABORTED);
        return Stream.of(
                        new One("ok", true, 0, 0, null),
                        new One("a remembered refusal", true, 9, Frame.NOT_EXECUTED, insufficient()),
                        new One("again", true, 9, Frame.NOT_EXECUTED | Frame.REPLAYED, insufficient()),
                        new One("one that is not sure", false, 9, 0, insufficient()),
                        new One("an aborted batch without a cause", false, 10, Frame.NOT_EXECUTED, aborted))
                .map(one -> DynamicTest.dynamicTest(one.name, () -> {
                    FakeServer fake = fake(DROPS, peer -> {
                        peer.hello();
                        Frame request = peer.request();
                        if (one.error == null) {
                            peer.ok(request, mutation(5));
                        } else {
                            peer.refuse(request, one.status, one.flags, 0, one.error);
                        }
                        peer.ends();
                    });
                    WalletClient client = eager(fake.address());
                    boolean isKnown = true;
                    try {
                        debit(client);
                    } catch (RejectedException e) {
                        assertEquals(Reason.INSUFFICIENT_FUNDS, e.reason());
                    } catch (OutcomeUnknownException e) {
                        isKnown = false;
                    }
                    assertEquals(one.isKnown, isKnown);
                    assertEquals(!one.isKnown, client.core().unresolved.has(KEY), "the memory says otherwise");
                    client.close();
                }));
    }

    @Test
    void rejected() {
        WalletClient client = client(fake(peer -> {
                    peer.hello();
                    peer.refuse(peer.request(), 9, Frame.NOT_EXECUTED | Frame.REPLAYED, 0, insufficient());
                    peer.ends(); // it is not tried again
                })
                .address());
        RejectedException e = assertRejected(Reason.INSUFFICIENT_FUNDS, () -> debit(client));
        assertEquals(60, assertDetail(Detail.InsufficientFunds.class, e).shortfall());
        assertEquals(9, e.status());
        assertEquals(33, e.reasonNumber());
        assertEquals(12, e.commitSeq());
        assertEquals(-1, e.index());
        assertEquals(KEY, e.key());
        assertTrue(e.replayed());
        assertNull(e.itemRefusal());
    }

    @Test
    void anAnswerThatIsNotSureLeavesTheOutcomeUnknown() {
        WalletClient client = client(fake(peer -> {
                    peer.hello();
                    Pb.Error.Builder error = Pb.Error.newBuilder()
                            .setReason(ErrorReason.ERROR_REASON_INTERNAL)
                            .setInternal(Pb.Internal.newBuilder().setId("log-7"));
                    peer.refuse(peer.request(), 13, 0, 0, error);
                    peer.refuse(peer.request(), 13, 0, 0, error);
                    peer.ends(); // INTERNAL is not tried again
                })
                .address());
        assertUnknown(() -> debit(client));
        NotExecutedException e = assertNotExecuted(NotExecutedException.class, () -> client.getBalance(WALLET));
        assertEquals(Reason.INTERNAL, e.reason());
        assertEquals(new Detail.Internal("log-7"), e.detail());
        assertNull(e.key());
    }

    @Test
    void retryOfUnknown() {
        FakeServer fake = fake(refusesAll(ErrorReason.ERROR_REASON_UNAVAILABLE, 14));
        WalletClient client = client(fake.address(), builder -> builder.retry(RetryPolicy.NEVER));
        Debit debit = Debit.of(WALLET, 100, "test");
        assertUnknown(() -> client.debit(debit.key(KEY).retryOfUnknown(true)));
        Debit other = debit.key("another-key");
        NotExecutedException e = assertNotExecuted(NotExecutedException.class, () -> client.debit(other));
        assertEquals(Reason.UNAVAILABLE, e.reason());
        Debit tried = other.dryRun(true).retryOfUnknown(true);
        assertEquals("another-key", assertNotExecuted(NotExecutedException.class, () -> client.debit(tried)).key());
    }

    @Test
    void unavailableIsTriedAgainWithinTheBudget() {
        AtomicInteger requests = new AtomicInteger();
        FakeServer fake = fake(peer -> {
            peer.hello();
            while (true) {
                Frame request = peer.request();
                requests.incrementAndGet();
                peer.fail(request, ErrorReason.ERROR_REASON_UNAVAILABLE, 14);
            }
        });
        RetryPolicy quick = RetryPolicy.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(10));
        WalletClient client = client(fake.address(), builder -> builder.retry(quick).timeout(PATIENCE));
        // Of the budget of ten and a tenth five are spent; the next call has five, the one behind it none.
        for (int total : new int[] {6, 12, 13}) {
            assertNotExecuted(NotExecutedException.class, () -> debit(client));
            assertEquals(total, requests.get());
        }
    }

    @Test
    void retryAfterIsHonoured() {
        LinkedBlockingQueue<Long> times = new LinkedBlockingQueue<>();
        WalletClient client = eager(fake(peer -> {
                    peer.hello();
                    Frame request = peer.request();
                    times.add(System.nanoTime());
                    Pb.Error.Builder error =
                            Pb.Error.newBuilder().setReason(ErrorReason.ERROR_REASON_RESOURCE_EXHAUSTED);
                    peer.refuse(request, 8, Frame.NOT_EXECUTED, 300, error);
                    request = peer.request();
                    times.add(System.nanoTime());
                    peer.ok(request, mutation(1));
                    peer.ends();
                })
                .address());
        debit(client);
        long waited = -times.remove() + times.remove();
        assertTrue(waited >= 300_000_000, "it waited " + waited + " ns");
    }

    @Test
    void aRetryAfterBeyondTheDeadlineIsNotWaitedFor() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            Pb.Error.Builder error = Pb.Error.newBuilder()
                    .setReason(ErrorReason.ERROR_REASON_UNAVAILABLE)
                    .setRetryAfter(Pb.RetryAfter.newBuilder().setRetryAfterMillis(60_000));
            peer.refuse(peer.request(), 14, Frame.NOT_EXECUTED, 0, error);
            peer.ends();
        });
        WalletClient client = client(fake.address(), builder -> builder.timeout(Duration.ofSeconds(50)));
        assertWithin(Duration.ofSeconds(40), () -> {
            NotExecutedException e = assertNotExecuted(NotExecutedException.class, () -> debit(client));
            assertEquals(Duration.ofMinutes(1), e.retryAfter());
        });
    }

    @Test
    void aSilentServer() {
        ManualDeadline read = new ManualDeadline();
        ManualDeadline mutated = new ManualDeadline();
        FakeServer fake = fake(peer -> {
            peer.hello();
            for (ManualDeadline deadline : List.of(read, mutated)) {
                Frame request = peer.request();
                assertEquals(54_000, request.millis(), "of a minute");
                deadline.expire();
                peer.cancelOf(request);
                peer.send(Frame.of(Frame.PONG, 0, new byte[8])); // a sign of life
            }
            peer.ends();
        });
        WalletClient client = client(fake.address());
        DeadlineExceededException e = assertNotExecuted(
                DeadlineExceededException.class, () -> with(client, read).getBalance(WALLET));
        assertNull(e.key());
        OutcomeUnknownException unknown = assertUnknown(() -> debit(with(client, mutated)));
        assertEquals(KEY, unknown.key());
        assertInstanceOf(DeadlineExceededException.class, unknown.lastAttempt());
    }

    @Test
    void aLateReplyIsDropped() {
        ManualDeadline deadline = new ManualDeadline();
        FakeServer fake = fake(peer -> {
            peer.hello();
            Frame first = peer.request();
            deadline.expire();
            peer.cancelOf(first);
            Frame second = peer.request();
            assertNotEquals(first.requestId(), second.requestId(), "an id was used again while it is in flight");
            peer.ok(first, mutation(1));
            peer.ok(Frame.of(Frame.REQUEST, -294_967_296), mutation(7)); // a call that never was
            peer.ok(second, mutation(2));
            peer.ends();
        });
        WalletClient client = client(fake.address());
        assertUnknown(() -> debit(with(client, deadline)));
        assertEquals(2, debit(client).balance());
        assertEquals(1, fake.connections());
    }

    @Test
    void aDeadConnectionIsLeft() {
        ManualDeadline first = new ManualDeadline();
        ManualDeadline second = new ManualDeadline();
        FakeServer fake = fake(
                peer -> {
                    peer.hello();
                    Frame request = peer.request();
                    first.expire();
                    peer.cancelOf(request);
                    peer.request();
                    second.expire();
                    peer.ends();
                },
                peer -> {
                    peer.hello();
                    peer.ok(peer.request(), pong(1));
                    peer.ends();
                });
        WalletClient client = client(fake.address());
        for (ManualDeadline deadline : List.of(first, second)) {
            assertNotExecuted(DeadlineExceededException.class, () -> with(client, deadline).ping());
        }
        assertEquals(1, client.ping().commitSeq());
    }

    @Test
    void anInterruptTakesACallBack() {
        LinkedBlockingQueue<Thread> callers = new LinkedBlockingQueue<>();
        FakeServer fake = fake(peer -> {
            peer.hello();
            for (int i = 0; i < 2; i++) {
                Frame request = peer.request();
                callers.remove().interrupt();
                peer.cancelOf(request);
            }
            peer.fail(peer.request(), ErrorReason.ERROR_REASON_UNAVAILABLE, 14);
            peer.ends();
        });
        WalletClient client = client(fake.address(), builder -> builder.retry(RetryPolicy.NEVER));
        callers.add(Thread.currentThread());
        assertNotExecuted(CancelledException.class, () -> client.getBalance(WALLET));
        assertTrue(Thread.interrupted(), "the flag stays set");
        callers.add(Thread.currentThread());
        OutcomeUnknownException e = assertUnknown(() -> debit(client));
        assertTrue(Thread.interrupted(), "the flag stays set");
        assertInstanceOf(CancelledException.class, e.lastAttempt());
        assertUnknown(() -> debit(client)); // the cancelled attempt is remembered
        Thread.currentThread().interrupt();
        try {
            assertNotExecuted(CancelledException.class, () -> client.debit(Debit.of(WALLET, 1, "test")));
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aPeerThatReadsNothing() throws InterruptedException {
        ManualDeadline deadline = new ManualDeadline();
        CountDownLatch release = new CountDownLatch(1);
        FakeServer fake = fake(peer -> {
            peer.hello();
            peer.request();
            sleep(300); // the buffers fill up
            deadline.expire();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        WalletClient client = client(fake.address());
        char[] note = new char[60_000];
        Arrays.fill(note, 'n');
        Debit debit = Debit.of(WALLET, 1, "test").note(new String(note));
        int calls = 200; // more than the buffers take
        LinkedBlockingQueue<WalletException> errors = new LinkedBlockingQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            Thread thread = new Thread(() -> {
                try {
                    with(client, deadline).debit(debit);
                } catch (WalletException e) {
                    errors.add(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(calls, errors.size());
        long unknown = errors.stream().filter(OutcomeUnknownException.class::isInstance).count();
        long sure = errors.stream().filter(NotExecutedException.class::isInstance).count(); // it never left
        assertTrue(unknown > 0 && sure > 0 && unknown + sure == calls, unknown + " unknown, " + sure + " sure");
        client.close();
        release.countDown();
    }

    @Test
    void futures() {
        List<CompletableFuture<Void>> asked = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        FakeServer fake = fake(
                DROPS,
                peer -> {
                    peer.hello();
                    peer.ok(peer.request(), mutation(5));
                    peer.refuse(peer.request(), 9, Frame.NOT_EXECUTED, 0, insufficient());
                    for (CompletableFuture<Void> one : asked) {
                        Frame request = peer.request();
                        one.complete(null);
                        peer.cancelOf(request);
                    }
                    peer.ends();
                });
        WalletClient client = eager(fake.address());
        AsyncWalletClient async = client.async();
        assertEquals(5, joined(async.debit(Debit.of(WALLET, 1, "test"))).balance());
        assertRejected(Reason.INSUFFICIENT_FUNDS, () -> joined(async.debit(Debit.of(WALLET, 1, "test"))));
        CompletableFuture<Balance> read = async.getBalance(WALLET);
        await(asked.get(0));
        assertTrue(read.cancel(true));
        assertTrue(!read.cancel(true), "it has ended");
        assertNotExecuted(CancelledException.class, () -> joined(read));
        CompletableFuture<MutationResult> mutated = async.debit(Debit.of(WALLET, 1, "test").key(KEY));
        await(asked.get(1));
        assertTrue(mutated.cancel(true));
        assertEquals(KEY, assertUnknown(() -> joined(mutated)).key());
        assertNotExecuted(
                DeadlineExceededException.class, () -> joined(async.withTimeout(Duration.ofMillis(100)).ping()));
    }

    @Test
    void whatDependsOnAFutureMayCallTheClient() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            while (true) {
                peer.ok(peer.request(), pong(1));
            }
        });
        WalletClient client = client(fake.address());
        CompletableFuture<Long> nested = client.async().ping().thenApply(pong -> client.ping().commitSeq() + 1);
        assertEquals(2, joined(nested), "it would wait for itself on a thread of the connection");
    }
}
