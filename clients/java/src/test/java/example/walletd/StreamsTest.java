package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.internal.Frame;
import example.walletd.internal.Pb;
import example.walletd.internal.Pb.ErrorReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StreamsTest extends ClientTest {
    private static Pb.WatchEvent token(long row) {
        return Pb.WatchEvent.newBuilder().setResumeToken("t" + row).setCommitSeq(row).build();
    }

    private static Pb.WatchEvent told(long row, String note) {
        Pb.Transaction transaction = Pb.Transaction.newBuilder()
                .setId(row)
                .setKind(Pb.TransactionKind.TRANSACTION_KIND_CREDIT)
                .setNote(note)
                .build();
        return token(row).toBuilder().setTransaction(transaction).build();
    }

    private static Frame watchRequest(FakeServer.Peer peer, String token) throws IOException {
        Frame request = peer.request();
        assertEquals(Pb.Method.METHOD_WATCH_TRANSACTIONS_VALUE, request.code());
        assertEquals(token, Pb.WatchTransactionsRequest.parseFrom(request.payload()).getResumeToken());
        return request;
    }

    private static void streamEnd(FakeServer.Peer peer, Frame request, ErrorReason reason, int status, long row)
            throws IOException {
        Pb.Error.Builder error = Pb.Error.newBuilder()
                .setReason(reason)
                .setStreamEnd(Pb.StreamEnd.newBuilder().setResumeToken("t" + row));
        peer.refuse(request, status, Frame.NOT_EXECUTED, 0, error);
    }

    @Test
    void aWatchGoesOnOverEverythingThatPasses() {
        FakeServer fake = fake(
                peer -> {
                    peer.hello();
                    Frame request = peer.request();
                    var sent = Pb.WatchTransactionsRequest.parseFrom(request.payload());
                    assertTrue(sent.hasAfterSeq());
                    assertEquals(List.of(5L), sent.getWalletIdsList());
                    assertEquals(List.of(Pb.TransactionKind.TRANSACTION_KIND_DEBIT), sent.getKindsList());
                    peer.event(request, token(0), told(1, "")); // and the connection is lost
                },
                peer -> {
                    peer.hello();
                    Frame request = watchRequest(peer, "t1");
                    peer.event(request, token(1), told(2, ""));
                    streamEnd(peer, request, ErrorReason.ERROR_REASON_RESOURCE_EXHAUSTED, 8, 2);
                    request = watchRequest(peer, "t2");
                    peer.event(request, token(2), told(3, ""));
                    peer.goAway();
                    streamEnd(peer, request, ErrorReason.ERROR_REASON_UNAVAILABLE, 14, 3);
                    peer.ends();
                },
                peer -> {
                    peer.hello();
                    Frame request = watchRequest(peer, "t3");
                    peer.event(request, told(4, ""));
                    peer.fail(request, ErrorReason.ERROR_REASON_RESUME_INVALID, 9);
                    peer.ends();
                });
        WalletClient client = eager(fake.address());
        List<String> tokens = new ArrayList<>();
        List<Long> rows = new ArrayList<>();
        try (EventStream<WatchEvent> watch = client.watchTransactions(
                WatchTransactions.fromBeginning().wallets(List.of(5L)).kinds(TransactionKind.DEBIT))) {
            assertRejected(Reason.RESUME_INVALID, () -> {
                for (WatchEvent event : watch) {
                    tokens.add(event.resumeToken());
                    if (event.transaction() != null) {
                        rows.add(event.transaction().id());
                    }
                }
            });
            assertNull(watch.next());
        }
        assertEquals(List.of(1L, 2L, 3L, 4L), rows);
        assertEquals(List.of("t0", "t1", "t2", "t3", "t4"), tokens);
    }

    @Test
    void aWatchThatNeverStoodIsAnError() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            while (true) {
                peer.fail(peer.request(), ErrorReason.ERROR_REASON_RESOURCE_EXHAUSTED, 8);
            }
        });
        EventStream<WatchEvent> watch = eager(fake.address()).watchTransactions(WatchTransactions.fromNow());
        NotExecutedException e = assertNotExecuted(NotExecutedException.class, watch::next);
        assertEquals(Reason.RESOURCE_EXHAUSTED, e.reason());
    }

    @Test
    void aWatchOfASilentServer() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            peer.ends();
        });
        WalletClient client = client(fake.address(), builder -> builder.timeout(Duration.ofMillis(200)));
        EventStream<WatchEvent> watch = client.watchTransactions(WatchTransactions.fromNow());
        assertNotExecuted(DeadlineExceededException.class, watch::next);
        assertNull(watch.next());
    }

    @Test
    void aWatchOfAServerThatFallsSilentGoesOnElsewhere() {
        FakeServer.Script again = peer -> {
            peer.hello();
            peer.event(watchRequest(peer, "t1"), told(2, ""));
            peer.ends();
        };
        FakeServer fake = fake(
                peer -> {
                    peer.hello();
                    peer.event(watchRequest(peer, ""), told(1, ""));
                    peer.ends();
                },
                again,
                again,
                again,
                again);
        WalletClient client =
                client(fake.address(), builder -> builder.retry(EAGER).silence(Duration.ofMillis(300)));
        EventStream<WatchEvent> watch = client.watchTransactions(WatchTransactions.fromBeginning());
        assertEquals(1, watch.next().transaction().id());
        assertEquals(2, watch.next().transaction().id());
    }

    @Test
    void aClosedWatchIsCancelledAndItsLateEventsAreDropped() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            Frame request = peer.request();
            assertTrue(Pb.WatchTransactionsRequest.parseFrom(request.payload()).getFromNow());
            peer.event(request, token(0), told(1, ""));
            peer.cancelOf(request);
            peer.event(request, told(2, ""));
            peer.fail(request, ErrorReason.ERROR_REASON_CANCELLED, 1);
            peer.ok(peer.request(), pong(7));
            peer.ends();
        });
        WalletClient client = client(fake.address());
        EventStream<WatchEvent> watch = client.watchTransactions(WatchTransactions.fromNow());
        assertNull(watch.next().transaction());
        assertEquals(1, watch.next().transaction().id());
        watch.close();
        assertNull(watch.next());
        assertEquals(7, client.ping().commitSeq());
    }

    @Test
    void closingFromElsewhereEndsAReaderThatWaits() throws InterruptedException {
        FakeServer.Script standing = peer -> {
            peer.hello();
            peer.event(peer.request(), token(0));
            peer.ends();
        };
        for (String what : List.of("watch", "client", "interrupt")) {
            WalletClient client = eager(fake(standing).address());
            EventStream<WatchEvent> watch = client.watchTransactions(WatchTransactions.fromNow());
            assertNotNull(watch.next());
            CompletableFuture<WatchEvent> next = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    next.complete(watch.next());
                } catch (WalletException e) {
                    next.completeExceptionally(e);
                }
            });
            reader.start();
            sleep(30);
            switch (what) {
                case "watch" -> {
                    watch.close();
                    assertNull(joined(next));
                }
                case "client" -> {
                    client.close();
                    assertNotExecuted(ClientClosedException.class, () -> joined(next));
                }
                default -> {
                    reader.interrupt();
                    assertNotExecuted(CancelledException.class, () -> joined(next));
                }
            }
            reader.join();
            client.close();
        }
    }

    @Test
    void closingAWatchThatWaitsToGoOn() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            peer.event(peer.request(), token(0));
        });
        RetryPolicy patient = RetryPolicy.DEFAULT.withBackoff(Duration.ofMinutes(30), Duration.ofMinutes(30));
        WalletClient client = client(fake.address(), builder -> builder.retry(patient));
        EventStream<WatchEvent> watch = client.watchTransactions(WatchTransactions.fromNow());
        assertNotNull(watch.next());
        CompletableFuture<WatchEvent> next = CompletableFuture.supplyAsync(watch::next);
        sleep(50);
        watch.close();
        assertNull(joined(next));
    }

    @Test
    void aReaderThatFallsBehindGoesOnWhereItsBufferEnds() {
        String note = "n".repeat(10_000);
        CompletableFuture<Void> behind = new CompletableFuture<>();
        FakeServer fake = fake(peer -> {
            peer.hello();
            Frame first = peer.request();
            for (long row = 1; row <= 150; row++) { // above the bound of 1 MiB
                peer.event(first, told(row, note));
            }
            boolean isCancelled = false;
            boolean isPinged = false;
            while (!isCancelled || !isPinged) { // other calls go on meanwhile
                Frame next = peer.read();
                if (next.type() == Frame.CANCEL) {
                    assertEquals(first.requestId(), next.requestId());
                    isCancelled = true;
                } else {
                    peer.ok(next, pong(1));
                    isPinged = true;
                }
            }
            behind.complete(null);
            Frame again = peer.request();
            String token = Pb.WatchTransactionsRequest.parseFrom(again.payload()).getResumeToken();
            long last = Long.parseLong(token.substring(1));
            assertTrue(last >= 90 && last < 150, token);
            for (long row = last + 1; row <= 200; row++) {
                peer.event(again, told(row, ""));
            }
            peer.ends();
        });
        WalletClient client = eager(fake.address());
        EventStream<WatchEvent> watch = client.watchTransactions(WatchTransactions.fromBeginning());
        for (long row = 1; row <= 200; row++) {
            assertEquals(row, watch.next().transaction().id());
            if (row == 1) {
                client.ping();
                await(behind); // until then nothing more is read
            }
        }
    }

    @Test
    void eventsGoToStreamsOnly() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            Frame request = peer.request();
            peer.event(request, told(1, ""));
            peer.ok(request, pong(1));
            peer.ends();
        });
        assertEquals(1, client(fake.address()).ping().commitSeq());
    }

    @Test
    void whereAWatchGoesOn() {
        RetryPolicy policy = RetryPolicy.DEFAULT.withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(8));
        Failure lost = Failure.of(Failure.Kind.DISCONNECTED, "gone");
        long second = 1_000_000_000;
        assertEquals(-1, new Resumption("", null, policy).ended(lost, 0), "a watch that never stood goes on");
        Resumption watch = new Resumption("", Duration.ofSeconds(10), policy);
        assertTrue(watch.told(token(3)));
        assertFalse(watch.told(token(3)), "the reader has it");
        assertTrue(watch.told(told(3, "")));
        long[][] waits = {{5, 500, 1000}, {6, 1000, 2000}, {15, 2000, 4000}};
        for (long[] one : waits) {
            long wait = watch.ended(lost, one[0] * second) / 1_000_000;
            assertTrue(wait >= one[1] && wait <= one[2], "at " + one[0] + " s it waits " + wait + " ms");
        }
        assertEquals(-1, watch.ended(lost, 15 * second + 1), "its patience has no end");
        watch.told(told(4, ""));
        Failure asks = new Failure(
                Failure.Kind.SERVER, "", Reason.UNAVAILABLE, 8, Duration.ofSeconds(3), null, null, null);
        assertTrue(watch.ended(asks, 99 * second) >= 3 * second);
        assertEquals(0, watch.ended(RawStream.READER_TOO_SLOW, 99 * second));
        for (Failure.Kind kind : List.of(
                Failure.Kind.PROTOCOL, Failure.Kind.CLOSED, Failure.Kind.CANCELLED, Failure.Kind.UNAUTHENTICATED)) {
            assertEquals(-1, watch.ended(Failure.of(kind, ""), 99 * second), "it goes on after " + kind);
        }
    }

    @Test
    void aVerificationEnds() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            Frame request = peer.request();
            peer.event(
                    request,
                    Pb.VerifyEvent.newBuilder()
                            .setProgress(Pb.VerifyProgress.newBuilder().setStage("journal").setTotal(2))
                            .build(),
                    Pb.VerifyEvent.newBuilder()
                            .setFinding(Pb.VerifyFinding.newBuilder().setWhat("digest").setSeq(4))
                            .build(),
                    Pb.VerifyEvent.newBuilder()
                            .setReport(Pb.VerifyReport.newBuilder().setFindings(1).setMicros(2000))
                            .build());
            peer.send(Frame.of(Frame.RESPONSE, request.requestId()));
            request = peer.request();
            peer.event(request, Pb.VerifyEvent.getDefaultInstance());
            peer.cancelOf(request);
            request = peer.request();
            peer.event(
                    request,
                    Pb.VerifyEvent.newBuilder().setProgress(Pb.VerifyProgress.newBuilder()).build()); // and lost
        });
        WalletClient client = eager(fake.address());
        Bytes digest = Bytes.of(new byte[32]);
        Iterator<VerifyEvent> events =
                client.verify(Verify.all().expectedHead(new JournalHead(1, digest))).iterator();
        assertEquals("journal", assertInstanceOf(VerifyEvent.Progress.class, events.next()).stage());
        assertEquals(4, assertInstanceOf(VerifyEvent.Finding.class, events.next()).seq());
        assertEquals(
                Duration.ofMillis(2), assertInstanceOf(VerifyEvent.Report.class, events.next()).took());
        assertFalse(events.hasNext());
        assertNotExecuted(ProtocolException.class, () -> client.verify(Verify.all()).next());
        EventStream<VerifyEvent> lost = client.verify(Verify.all());
        assertNotNull(lost.next());
        assertNotExecuted(DisconnectedException.class, lost::next);
    }
}
