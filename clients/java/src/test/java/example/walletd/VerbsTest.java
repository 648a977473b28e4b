package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every verb against the real server. */
class VerbsTest extends ClientTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static WalletRef opened(WalletClient client, String owner, String currency) {
        client.openWallet(OpenWallet.of(owner, currency, "signup"));
        return WalletRef.of(owner, currency);
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    @Test
    void theServer() throws Exception {
        WalletClient client = client(server().address());
        assertTrue(client.ping().serverTime().isAfter(Instant.now().minus(1, ChronoUnit.HOURS)));
        ServerInfo info = client.getServerInfo();
        assertTrue(info.mutationsAvailable() && !info.ledgerId().isEmpty() && info.limits().requestsInFlightMax() > 0);
        assertEquals(Duration.ofSeconds(10), info.limits().defaultDeadline());
        Schema schema = client.getSchema();
        assertEquals(1, FileDescriptorSet.parseFrom(schema.fileDescriptorSet().toArray()).getFileCount());
        assertEquals(Bytes.of(sha256(schema.fileDescriptorSet().toArray())), schema.digest());
        String address = client.core().settings.address().toString();
        client(address, builder -> builder.ledgerId(info.ledgerId())).ping();
        WalletClient other = client(address, b -> b.ledgerId("00000000-0000-0000-0000-000000000000"));
        assertThrows(WalletException.class, other::ping);
    }

    @Test
    void moneyMoves() {
        WalletClient client = client(server().address());
        WalletRef wallet = opened(client, "user-17", "EUR");
        MutationResult first = client.credit(Credit.of(wallet, 2_000, "topup"));
        assertEquals(2_000, first.balance());
        assertEquals(2, first.version());
        assertEquals(TransactionKind.CREDIT, first.transaction().kind());
        assertEquals("funding", first.transaction().counterAccount());
        assertEquals(first.transaction().id(), first.commitSeq());
        assertEquals(first.key(), first.transaction().idempotencyKey());

        Instant occurred = Instant.EPOCH.plus(5, ChronoUnit.MICROS);
        Debit debit = Debit.of(wallet, Money.parse("12.30", 2), "esim.purchase")
                .reference("order-7")
                .metadata(Map.of("plan", "5GB"))
                .occurredAt(occurred);
        MutationResult paid = client.debit(debit);
        assertEquals("7.70", Money.format(paid.available(), paid.exponent()));
        assertEquals(-1230, paid.transaction().amount());
        assertEquals(Map.of("plan", "5GB"), paid.transaction().metadata());
        assertEquals(occurred, paid.transaction().occurredAt());
        MutationResult again = client.debit(debit.key(paid.key()));
        assertTrue(again.replayed());
        assertEquals(paid.transaction(), again.transaction());
        RejectedException mismatch = assertRejected(
                Reason.IDEMPOTENCY_MISMATCH, () -> client.debit(Debit.of(wallet, 1, "esim.purchase").key(paid.key())));
        assertEquals(new Detail.IdempotencyMismatch("amount"), mismatch.detail());
        RejectedException shortOf =
                assertRejected(Reason.INSUFFICIENT_FUNDS, () -> client.debit(Debit.of(wallet, 5_000, "esim.purchase")));
        assertEquals(4_230, assertDetail(Detail.InsufficientFunds.class, shortOf).shortfall());
        RejectedException conflict = assertRejected(
                Reason.VERSION_CONFLICT, () -> client.debit(Debit.of(wallet, 1, "test").expectedVersion(9)));
        assertEquals(new Detail.VersionConflict(9, 3, 770), conflict.detail());
        MutationResult tried = client.debit(Debit.of(wallet, 70, "fee").dryRun(true));
        assertTrue(tried.dryRun() && tried.available() == 700 && tried.transaction().id() == 0);

        WalletRef friend = opened(client, "user-18", "EUR");
        TransferResult moved = client.transfer(Transfer.of(wallet, friend, 100, "gift"));
        assertEquals(670, moved.source().available());
        assertEquals(100, moved.destination().balance());
        assertEquals(moved.key(), moved.source().key());
        assertEquals(moved.destination().id(), moved.commitSeq());
        assertRejected(Reason.SAME_WALLET, () -> client.transfer(Transfer.of(wallet, wallet, 1, "gift")));

        long id = paid.transaction().id();
        MutationResult refunded = client.refund(Refund.of(id, 230, "complaint").currency("EUR"));
        assertEquals(900, refunded.balance());
        assertEquals(id, refunded.transaction().relatedTransactionId());
        assertEquals(1_900, client.refund(Refund.all(id, "complaint")).balance());
        RejectedException over =
                assertRejected(Reason.REFUND_EXCEEDS_ORIGINAL, () -> client.refund(Refund.of(id, 1, "complaint")));
        assertEquals(new Detail.RefundExceeds(1230, 1230, 0), over.detail());
    }

    @Test
    void holds() {
        WalletClient client = client(server().address());
        WalletRef wallet = opened(client, "user-17", "EUR");
        client.credit(Credit.of(wallet, 1_000, "topup"));
        Hold hour = Hold.of(wallet, 500, Duration.ofHours(1), "esim.reserve");
        long id = client.hold(hour).transaction().id();
        MutationResult captured = client.capture(Capture.of(id, 300, "esim.activate").currency("EUR"));
        assertTrue(captured.balance() == 700 && captured.held() == 200 && captured.transaction().holdId() == id);
        RejectedException over =
                assertRejected(Reason.HOLD_AMOUNT_EXCEEDED, () -> client.capture(Capture.of(id, 300, "esim.activate")));
        assertEquals(200, assertDetail(Detail.HoldDetail.class, over).remaining());
        assertEquals(700, client.release(Release.of(id, "esim.activate")).available());
        RejectedException gone =
                assertRejected(Reason.HOLD_RELEASED, () -> client.release(Release.of(id, "esim.activate")));
        assertNotNull(assertDetail(Detail.HoldDetail.class, gone).at());
        long second = client.hold(hour).transaction().id();
        MutationResult part = client.capture(Capture.of(second, 100, "esim.activate").isFinal(true));
        assertTrue(part.balance() == 600 && part.held() == 0);
        long third = client.hold(hour).transaction().id();
        assertEquals(100, client.capture(Capture.all(third, "esim.activate")).balance());

        client.credit(Credit.of(wallet, 1_000, "topup"));
        long brief = client.hold(Hold.of(wallet, 500, Duration.ofMillis(1), "esim.reserve")).transaction().id();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (client.getBalance(wallet).available() != 1_100) {
            assertTrue(System.nanoTime() < end, "the hold does not end");
            sleep(5);
        }
        assertRejected(Reason.HOLD_EXPIRED, () -> client.capture(Capture.all(brief, "esim.activate")));
    }

    @Test
    void stoppingAndClosing() {
        WalletClient client = client(server().address());
        WalletRef wallet = opened(client, "user-17", "EUR");
        client.credit(Credit.of(wallet, 1_000, "topup"));
        Instant until = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MICROS);
        client.freeze(Freeze.of(wallet, FreezeScope.DEBIT, "fraud.check").until(until));
        Detail.WalletFrozen frozen = assertDetail(
                Detail.WalletFrozen.class,
                assertRejected(Reason.WALLET_FROZEN, () -> client.debit(Debit.of(wallet, 1, "test"))));
        assertEquals(FreezeScope.DEBIT, frozen.scope());
        assertEquals(until, frozen.until());
        assertEquals("fraud.check", frozen.reason());
        client.unfreeze(Unfreeze.of(wallet, FreezeScope.ALL, "fraud.cleared"));

        WalletLimits limits = WalletLimits.NONE
                .withOverdraftLimit(50)
                .withMaxBalance(5_000)
                .withMaxAmount(900)
                .withDay(950, 20)
                .withWeek(9_000, 0)
                .withMonth(0, 100);
        client.setLimits(SetLimits.of(wallet, limits, "kyc.basic"));
        RejectedException large =
                assertRejected(Reason.LIMIT_EXCEEDED, () -> client.debit(Debit.of(wallet, 901, "test")));
        assertEquals(LimitKind.TRANSACTION_AMOUNT, assertDetail(Detail.LimitExceeded.class, large).kind());
        client.debit(Debit.of(wallet, 900, "test"));
        Detail.LimitExceeded day = assertDetail(
                Detail.LimitExceeded.class,
                assertRejected(Reason.LIMIT_EXCEEDED, () -> client.debit(Debit.of(wallet, 51, "test"))));
        assertTrue(day.remaining() == 50 && day.windowEnd() != null, day::toString);
        assertRejected(Reason.MAX_BALANCE_EXCEEDED, () -> client.credit(Credit.of(wallet, 5_000, "test")));
        BalanceExplanation explained = client.explainBalance(ExplainBalance.of(wallet).lastChanges(2));
        assertTrue(explained.equal() && explained.lastChanges().size() == 2 && !explained.sums().isEmpty());
        assertEquals(limits, explained.limits());
        assertEquals(100, explained.wallet().balance());
        assertFalse(explained.limitUses().isEmpty());

        RejectedException full = assertRejected(
                Reason.WALLET_NOT_EMPTY, () -> client.closeWallet(CloseWallet.of(wallet, "account.closed")));
        assertEquals(new Detail.WalletNotEmpty(100, 0), full.detail());
        client.setLimits(SetLimits.of(wallet, WalletLimits.NONE, "kyc.lifted"));
        client.debit(Debit.of(wallet, 100, "payout"));
        client.closeWallet(CloseWallet.of(wallet, "account.closed"));
        Wallet found = client.getWallet(wallet);
        assertEquals(WalletStatus.CLOSED, found.status());
        assertTrue(found.ownerId().equals("user-17") && found.createdAt() != null && found.name().equals("main"));
        assertRejected(Reason.WALLET_CLOSED, () -> client.credit(Credit.of(found.ref(), 1, "test")));
        WalletRef nobody = WalletRef.of("nobody", "EUR");
        RejectedException lost = assertRejected(Reason.WALLET_NOT_FOUND, () -> client.getWallet(nobody));
        assertEquals("nobody", assertDetail(Detail.WalletDetail.class, lost).ownerId());
        assertRejected(Reason.CURRENCY_UNKNOWN, () -> client.openWallet(OpenWallet.of("user-17", "NOPE", "signup")));
        client.openWallet(OpenWallet.of("user-17", "EUR", "spare", "signup"));
        assertEquals("spare", client.getWallet(WalletRef.of("user-17", "EUR", "spare")).name());
    }

    @Test
    void administration() {
        WalletClient client = client(server().address());
        AdministrationResult registered = client.registerCurrency(RegisterCurrency.of("ESIM-MB", 0, "new.product"));
        assertEquals("ESIM-MB", registered.row().subject());
        assertEquals("REGISTER_CURRENCY", registered.row().verb());
        assertRejected(
                Reason.CURRENCY_EXISTS, () -> client.registerCurrency(RegisterCurrency.of("EUR", 2, "test")));
        AddCounterAccount vouchers = AddCounterAccount.of("vouchers", "new.channel");
        client.addCounterAccount(vouchers);
        RejectedException e =
                assertRejected(Reason.COUNTER_ACCOUNT_EXISTS, () -> client.addCounterAccount(vouchers));
        assertEquals(new Detail.CounterAccountDetail("vouchers"), e.detail());
        WalletRef wallet = opened(client, "user-17", "ESIM-MB");
        client.credit(Credit.of(wallet, 1_024, "bundle").counterAccount("vouchers"));
        TrialBalance totals = client.trialBalance("ESIM-MB");
        TrialBalance.CurrencyBalance one = totals.currencies().get(0);
        assertTrue(one.walletsTotal() == 1_024 && one.difference() == 0 && one.registered());
        assertEquals(List.of(new TrialBalance.CounterAccountBalance("vouchers", -1_024)), one.counterAccounts());
        assertEquals(6, totals.counterAccounts().size());
        assertEquals(totals.currencies(), client.trialBalance().currencies());
        assertRejected(Reason.CURRENCY_UNKNOWN, () -> client.trialBalance("NOPE"));
    }

    @Test
    void listsAndThePast() {
        WalletClient client = client(server().address());
        WalletRef wallet = opened(client, "user-17", "EUR");
        opened(client, "user-17", "USD");
        opened(client, "user-17", "JPY");
        MutationResult middle = null;
        for (int i = 1; i <= 25; i++) {
            MutationResult result = client.credit(Credit.of(wallet, i, "topup"));
            middle = i == 10 ? result : middle;
        }
        List<String> currencies = new ArrayList<>();
        client.allWallets(ListWallets.of("user-17").pageSize(2)).forEach(one -> currencies.add(one.currency()));
        assertEquals(List.of("EUR", "USD", "JPY"), currencies);
        ListTransactions oldest = ListTransactions.of(wallet).pageSize(7).oldestFirst(true);
        long version = 0;
        for (Transaction row : client.allTransactions(oldest)) {
            assertEquals(++version, row.walletVersion());
        }
        assertEquals(26, version);
        List<Long> versions = new ArrayList<>();
        joined(client.async().allTransactions(oldest, row -> versions.add(row.walletVersion())));
        assertEquals(26, versions.size());
        TransactionFilter filter = TransactionFilter.all()
                .kinds(TransactionKind.CREDIT)
                .minAmount(5)
                .maxAmount(9)
                .reason("topup")
                .from(middle.transaction().createdAt().minus(1, ChronoUnit.HOURS))
                .before(Instant.now().plus(1, ChronoUnit.HOURS));
        TransactionPage page = client.listTransactions(ListTransactions.of(wallet).filter(filter));
        assertEquals(List.of(9L, 8L, 7L, 6L, 5L), page.transactions().stream().map(Transaction::amount).toList());
        assertTrue(page.currency().equals("EUR") && page.exponent() == 2);
        BalanceAt at = client.getBalanceAt(wallet, middle.transaction().createdAt());
        assertTrue(at.balance() >= 55 && at.version() >= 11);
        BalanceAt then = client.getBalanceAtVersion(wallet, 11);
        assertEquals(55, then.balance());
        assertEquals(middle.transaction().id(), then.transactionId());
        assertEquals(middle.transaction().createdAt(), then.createdAt());
        assertRejected(Reason.INVALID_ARGUMENT, () -> client.getBalanceAtVersion(wallet, 99));
        ListTransactions lost = ListTransactions.of(WalletRef.of("nobody", "EUR"));
        Iterator<Transaction> none = client.allTransactions(lost).iterator();
        assertRejected(Reason.WALLET_NOT_FOUND, none::hasNext);

        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Debit debit = Debit.of(wallet, 1_000_000, "test").note("n");
            keys.add(assertRejected(Reason.INSUFFICIENT_FUNDS, () -> client.debit(debit)).key());
        }
        List<Refusal> refusals = new ArrayList<>();
        client.allRefusals(ListRefusals.all()
                        .wallet(wallet)
                        .pageSize(2)
                        .oldestFirst(true)
                        .reasons(Reason.INSUFFICIENT_FUNDS))
                .forEach(refusals::add);
        assertEquals(keys, refusals.stream().map(Refusal::idempotencyKey).toList());
        Refusal refusal = refusals.get(0);
        assertTrue(refusal.verb().equals("DEBIT") && refusal.note().equals("n"));
        assertEquals(1_000_000, assertDetail(Detail.InsufficientFunds.class, refusal.error()).requested());
        assertEquals("user-17", refusal.wallet().ownerId());
    }

    @Test
    void batches() {
        WalletClient client = client(server().address()).withTimeout(LONG);
        WalletRef wallet = opened(client, "user-17", "EUR");
        WalletRef friend = opened(client, "user-18", "EUR");
        BatchResult result = client.batch(Batch.of(
                        OpenWallet.of("user-19", "EUR", "signup"),
                        Credit.of(wallet, 100, "test"),
                        Debit.of(wallet, 1_000, "test"),
                        Transfer.of(wallet, friend, 30, "test"),
                        Hold.of(wallet, 10, Duration.ofHours(1), "test"),
                        Freeze.of(friend, FreezeScope.ALL, "test"),
                        Unfreeze.of(friend, FreezeScope.ALL, "test"),
                        SetLimits.of(friend, WalletLimits.NONE.withMaxAmount(5), "test"),
                        CloseWallet.of(WalletRef.of("user-19", "EUR"), "test"))
                .fullResults(true));
        for (int i = 0; i < result.results().size(); i++) {
            BatchItemResult item = result.results().get(i);
            if (i == 2) {
                RejectedException e = assertInstanceOf(RejectedException.class, item.error());
                assertEquals(Reason.INSUFFICIENT_FUNDS, e.reason());
                assertEquals(item.key(), e.key());
            } else {
                assertNull(item.error(), "item " + i);
                assertEquals(item.key(), item.transaction().idempotencyKey());
            }
        }
        long hold = result.results().get(4).transactionId();
        BatchResult atomic = client.batch(Batch.atomic(Capture.of(hold, 4, "test"), Release.of(hold, "test")));
        assertTrue(atomic.results().get(1).balance() == 66 && atomic.results().get(1).held() == 0);
        assertEquals(atomic.key(), atomic.results().get(0).key());
        Refund refund = Refund.all(atomic.results().get(0).transactionId(), "test");
        RejectedException aborted = assertRejected(
                Reason.BATCH_ABORTED, () -> client.batch(Batch.atomic(refund, Debit.of(wallet, 1_000, "test"))));
        assertEquals(1, aborted.index());
        assertEquals(Reason.INSUFFICIENT_FUNDS, aborted.itemRefusal().reason());
        BatchResult tried = client.batch(Batch.of(refund).dryRun(true));
        assertTrue(tried.dryRun() && tried.results().get(0).balance() == 70);
        List<Credit> many = new ArrayList<>();
        for (int i = 0; i < 8_190; i++) {
            many.add(Credit.of(wallet, 1, "test"));
        }
        BatchResult large = client.batch(Batch.of(many));
        assertEquals(66 + 8_190, large.results().get(8_189).balance());
    }

    private static List<WatchEvent> take(WalletClient client, int count, WatchTransactions watch) {
        List<WatchEvent> events = new ArrayList<>();
        try (EventStream<WatchEvent> stream = client.watchTransactions(watch)) {
            while (events.size() < count) {
                WatchEvent event = stream.next();
                if (event.transaction() != null) {
                    events.add(event);
                }
            }
        }
        return events;
    }

    @Test
    void watching() {
        WalletClient client = client(server().address());
        WalletRef wallet = opened(client, "w-1", "USD");
        opened(client, "w-2", "JPY");
        MutationResult first = client.credit(Credit.of(wallet, 2_000, "topup"));
        MutationResult paid = client.debit(Debit.of(wallet, 450, "esim.purchase"));
        List<WatchEvent> events = take(client, 4, WatchTransactions.fromBeginning());
        assertEquals("JPY", events.get(1).currency());
        assertEquals(2_000, events.get(3).balanceBefore());
        assertEquals(paid.transaction(), events.get(3).transaction());
        for (WatchTransactions behind : List.of(
                WatchTransactions.resume(events.get(2).resumeToken()),
                WatchTransactions.after(first.transaction().id()))) {
            assertEquals(paid.transaction().id(), take(client, 1, behind).get(0).transaction().id());
        }
        WatchTransactions only = WatchTransactions.fromBeginning()
                .wallets(List.of(first.transaction().walletId()))
                .kinds(TransactionKind.CREDIT);
        assertEquals(first.transaction(), take(client, 1, only).get(0).transaction());
        EventStream<WatchEvent> beyond = client.watchTransactions(WatchTransactions.after(1_000_000_000_000L));
        assertRejected(Reason.RESUME_INVALID, beyond::next);
    }

    @Test
    void verifying() {
        WalletClient client = client(server().address());
        opened(client, "w-1", "USD");
        JournalHead head = client.getServerInfo().head();
        VerifyEvent last = null;
        for (VerifyEvent event : client.verify(Verify.all().expectedHead(head))) {
            last = event;
        }
        VerifyEvent.Report report = assertInstanceOf(VerifyEvent.Report.class, last);
        assertTrue(report.findings() == 0 && report.head().seq() == head.seq() && report.integrityChecked());
        JournalHead wrong = new JournalHead(head.seq(), Bytes.of(new byte[32]));
        boolean isFound = false;
        for (VerifyEvent event : client.verify(Verify.all().expectedHead(wrong).skipIntegrityCheck(true))) {
            isFound |= event instanceof VerifyEvent.Finding finding && finding.what().equals("head");
        }
        assertTrue(isFound, "a head that is another is no finding");
    }

    private static BackupEvent.Report backup(WalletClient client, boolean incremental) {
        BackupEvent.Report report = null;
        for (BackupEvent event : client.backup(incremental)) {
            report = event instanceof BackupEvent.Report last ? last : report;
        }
        return report;
    }

    @Test
    void backups() throws Exception {
        Path folder = folder();
        WalletClient client = client(server("--backup-dir", folder.toString()).address());
        WalletRef wallet = opened(client, "user-17", "EUR");
        assertRejected(Reason.INVALID_ARGUMENT, () -> backup(client, true)); // to nothing
        BackupEvent.Report whole = backup(client, false);
        byte[] written = Files.readAllBytes(folder.resolve(whole.file()));
        assertEquals(written.length, whole.bytes());
        assertEquals(Bytes.of(sha256(written)), whole.sha256());
        MutationResult last = client.credit(Credit.of(wallet, 5, "topup"));
        BackupEvent.Report increment = backup(client, true);
        assertTrue(increment.incremental() && increment.baseSeq() == whole.head().seq() && !increment.old());
        assertEquals(last.commitSeq(), increment.head().seq());
        BackupEvent.Report again = backup(client, true);
        assertTrue(again.old() && again.file().equals(increment.file()));
        WalletClient without = client(server().address());
        assertRejected(Reason.UNIMPLEMENTED, () -> backup(without, false));
    }
}
