package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.internal.Frame;
import example.walletd.internal.Pb;
import example.walletd.internal.Pb.ErrorReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BatchTest extends ClientTest {
    private static List<WalletMutation<?>> credits(int count) {
        List<WalletMutation<?>> items = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            items.add(Credit.of(WALLET, i, "test"));
        }
        return items;
    }

    private static Pb.BatchResult refused(ErrorReason reason) {
        return Pb.BatchResult.newBuilder().setError(Pb.Error.newBuilder().setReason(reason)).build();
    }

    private static Pb.BatchResponse answer(Pb.BatchResult... results) {
        return Pb.BatchResponse.newBuilder().addAllResults(List.of(results)).setCommitSeq(9).build();
    }

    private static Pb.BatchResult done(long balance) {
        return Pb.BatchResult.newBuilder().setBalance(balance).build();
    }

    @Test
    void theKeysOfABatchAreTheSameAtEachAttempt() {
        CompletableFuture<Pb.BatchRequest> sent = new CompletableFuture<>();
        FakeServer fake = fake(
                peer -> {
                    peer.hello();
                    sent.complete(Pb.BatchRequest.parseFrom(peer.request().payload()));
                },
                peer -> {
                    peer.hello();
                    Frame request = peer.request();
                    Pb.BatchRequest again = Pb.BatchRequest.parseFrom(request.payload());
                    assertEquals(joined(sent), again);
                    assertEquals("", again.getIdempotencyKey());
                    assertNotEquals(
                            again.getItems(0).getCredit().getIdempotencyKey(),
                            again.getItems(1).getCredit().getIdempotencyKey());
                    assertEquals("a-key-of-its-own", again.getItems(2).getDebit().getIdempotencyKey());
                    peer.ok(request, answer(done(1), done(2), done(3)));
                    peer.ends();
                });
        WalletClient client = eager(fake.address());
        List<WalletMutation<?>> items = credits(2);
        items.add(Debit.of(WALLET, 1, "test").key("a-key-of-its-own"));
        BatchResult result = client.batch(Batch.of(items));
        assertEquals(3, result.results().get(2).balance());
        assertEquals("a-key-of-its-own", result.results().get(2).key());
        assertEquals(result.key(), result.results().get(0).key());
        assertEquals(9, result.commitSeq());
        assertEquals(0, client.core().unresolved.size());
    }

    @Test
    void aBatchResolvesItemByItem() {
        FakeServer fake = fake(
                peer -> {
                    peer.hello();
                    peer.request();
                },
                peer -> {
                    peer.hello();
                    peer.ok(
                            peer.request(),
                            answer(
                                    refused(ErrorReason.ERROR_REASON_VERSION_CONFLICT),
                                    refused(ErrorReason.ERROR_REASON_INSUFFICIENT_FUNDS),
                                    done(1)));
                    Pb.BatchResult conflict = refused(ErrorReason.ERROR_REASON_VERSION_CONFLICT);
                    peer.ok(peer.request(), answer(conflict, done(1), done(2)));
                    peer.ends();
                });
        WalletClient client = eager(fake.address());
        BatchResult result = client.batch(Batch.of(credits(3)));
        // The first attempt may have done it.
        OutcomeUnknownException open =
                assertInstanceOf(OutcomeUnknownException.class, result.results().get(0).error());
        assertEquals(result.key(), open.key());
        assertInstanceOf(RejectedException.class, result.results().get(1).error());
        assertNull(result.results().get(2).error());
        assertTrue(client.core().unresolved.has(open.key()));
        assertEquals(1, client.core().unresolved.size());
        BatchResult again = client.batch(Batch.of(credits(3)).key(result.key()));
        assertInstanceOf(OutcomeUnknownException.class, again.results().get(0).error());
    }

    @Test
    void anAbortedBatch() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            Frame request = peer.request();
            Pb.BatchRequest sent = Pb.BatchRequest.parseFrom(request.payload());
            assertTrue(sent.getAtomic());
            assertEquals(KEY, sent.getIdempotencyKey());
            assertEquals("", sent.getItems(0).getCredit().getIdempotencyKey());
            Pb.Error.Builder cause = Pb.Error.newBuilder().setReason(ErrorReason.ERROR_REASON_WALLET_NOT_FOUND);
            Pb.Error.Builder error = Pb.Error.newBuilder()
                    .setReason(ErrorReason.ERROR_REASON_BATCH_ABORTED)
                    .setBatchAborted(Pb.BatchAborted.newBuilder().setIndex(1).setCause(cause));
            peer.refuse(request, 10, Frame.NOT_EXECUTED, 0, error);
            peer.ends();
        });
        WalletClient client = client(fake.address());
        client.core().unresolved.add(KEY);
        Batch batch = Batch.atomic(credits(2)).key(KEY);
        // Its cause is remembered, which resolves the key.
        RejectedException e = assertRejected(Reason.BATCH_ABORTED, () -> client.batch(batch));
        assertEquals(1, e.index());
        assertEquals(Reason.WALLET_NOT_FOUND, e.itemRefusal().reason());
        assertEquals(KEY, e.key());
        assertFalse(client.core().unresolved.has(KEY));
    }

    @Test
    void anAnswerOfAnotherLengthLeavesTheBatchUnknown() {
        FakeServer fake = fake(peer -> {
            peer.hello();
            peer.ok(peer.request(), answer(done(1)));
            peer.ends();
        });
        WalletClient client = client(fake.address());
        assertUnknown(() -> client.batch(Batch.of(credits(2))));
    }

    @Test
    void whatCannotBeABatch() {
        WalletClient client = client(refusedAddress());
        Credit credit = Credit.of(WALLET, 1, "test");
        Map<String, Batch> bad = Map.of(
                "empty", Batch.of(),
                "too many", Batch.of(credits(8_191)),
                "keys of items of all or nothing", Batch.atomic(credit.key(KEY)),
                "a dry run of its own", Batch.of(credit.dryRun(true)),
                "a key that is no UUID", Batch.of(credit).key(KEY),
                "too long", Batch.of(credit.note("n".repeat(4 * 1024 * 1024))));
        bad.forEach((name, batch) -> {
            InvalidCallException e = assertNotExecuted(InvalidCallException.class, () -> client.batch(batch));
            assertFalse(e.key().isEmpty(), name);
            assertNotExecuted(InvalidCallException.class, () -> joined(client.async().batch(batch)));
        });
    }
}
