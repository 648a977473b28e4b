package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.internal.Frame;
import example.walletd.internal.Pb;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\d+) \\| ([A-Z_]+) \\| (\\d+) \\w+ \\| *([a-z ]*?) *\\|");

    /** docs/ERRORS.md says which reasons there are and which are remembered. */
    @Test
    void reasonsAreThoseOfTheDocs() throws IOException {
        Matcher rows = ROW.matcher(Files.readString(Path.of("../../docs/ERRORS.md")));
        int count = 0;
        while (rows.find()) {
            count++;
            Reason reason = Reason.valueOf(rows.group(2));
            assertEquals(Integer.parseInt(rows.group(1)), reason.number());
            assertSame(reason, Reason.of(reason.number()));
            assertEquals(rows.group(4).equals("yes"), reason.isRemembered(), rows.group(2));
            Reason only = Reason.ofStatus(Integer.parseInt(rows.group(3)));
            assertTrue(only == null || only == reason, rows.group(2));
        }
        assertEquals(Reason.values().length - 1, count);
        for (int number : new int[] {0, -1, 38, 99, Integer.MAX_VALUE}) {
            assertSame(Reason.UNRECOGNIZED, Reason.of(number));
        }
    }

    @Test
    void enumsAreThoseOfTheSchema() {
        for (TransactionKind kind : TransactionKind.values()) {
            if (kind != TransactionKind.UNRECOGNIZED) {
                assertEquals("TRANSACTION_KIND_" + kind, Pb.TransactionKind.forNumber(kind.number()).name());
                assertSame(kind, TransactionKind.of(kind.number()));
            }
        }
        assertEquals(Pb.TransactionKind.values().length - 2, TransactionKind.values().length - 1);
        assertSame(LimitKind.MONTH_COUNT, LimitKind.of(Pb.LimitKind.LIMIT_KIND_MONTH_COUNT_VALUE));
        assertSame(FreezeScope.ALL, FreezeScope.of(Pb.FreezeScope.FREEZE_SCOPE_ALL_VALUE));
        assertSame(WalletStatus.CLOSED, WalletStatus.of(Pb.WalletStatus.WALLET_STATUS_CLOSED_VALUE));
        assertSame(TokenKind.UNIX_USER, TokenKind.of(Pb.TokenKind.TOKEN_KIND_UNIX_USER_VALUE));
        assertSame(FreezeScope.UNRECOGNIZED, FreezeScope.of(77));
    }

    /** Both faces of a client have a method for each verb of the schema. */
    @Test
    void everyVerbHasAMethod() {
        Set<String> blocking = names(WalletClient.class);
        Set<String> async = names(AsyncWalletClient.class);
        for (var verb : Pb.getDescriptor().findServiceByName("WalletService").getMethods()) {
            String name = Character.toLowerCase(verb.getName().charAt(0)) + verb.getName().substring(1);
            assertTrue(blocking.contains(name), name);
            assertTrue(async.contains(name) || verb.isServerStreaming(), name);
        }
    }

    private static Set<String> names(Class<?> type) {
        return Arrays.stream(type.getMethods()).map(Method::getName).collect(Collectors.toSet());
    }

    @Test
    void anErrorWithoutAReasonHasThatOfItsStatus() {
        for (int status = 1; status <= 16; status++) {
            Failure failure = Refusals.of(new Frame(Frame.RESPONSE, 0, status, 1, 0, new byte[0]));
            Reason reason = Reason.ofStatus(status);
            assertEquals(reason == null ? Reason.UNRECOGNIZED : reason, failure.reason());
        }
    }

    @Test
    void aReasonThatIsNewerHasItsNumber() {
        byte[] error = Pb.Error.newBuilder().setReasonValue(99).setMessage("new").build().toByteArray();
        Failure failure = Refusals.of(new Frame(Frame.RESPONSE, 0, 9, 1, 0, error));
        RejectedException e = (RejectedException) failure.exception("k");
        assertEquals(99, e.reasonNumber());
        assertEquals(Reason.UNRECOGNIZED, e.reason());
        assertTrue(e.getMessage().contains("99"), e.getMessage());
    }

    @Test
    void exceptionsAreWrittenAndRead() throws Exception {
        Pb.Error.Builder cause = Pb.Error.newBuilder()
                .setReason(Pb.ErrorReason.ERROR_REASON_INSUFFICIENT_FUNDS)
                .setInsufficientFunds(Pb.InsufficientFunds.newBuilder().setShortfall(7));
        Pb.Error error = Pb.Error.newBuilder()
                .setReason(Pb.ErrorReason.ERROR_REASON_BATCH_ABORTED)
                .setBatchAborted(Pb.BatchAborted.newBuilder().setIndex(3).setCause(cause))
                .build();
        WalletException whole = new OutcomeUnknownException("k-1", Refusals.rejected(error).exception("k-1"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(whole);
        }
        ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        OutcomeUnknownException read = (OutcomeUnknownException) in.readObject();
        RejectedException last = (RejectedException) read.lastAttempt();
        assertEquals("k-1", read.key());
        assertEquals(3, last.index());
        assertEquals(7, ((Detail.InsufficientFunds) last.itemRefusal().detail()).shortfall());
        assertNull(last.detail());
    }

    @Test
    void textThatIsNoUnicodeIsNotSent() {
        for (String bad : List.of("\ud800", "a\udc00b", "\udc00\ud800", "x\ud83d")) {
            assertIllegal(() -> WalletRef.of(bad, "EUR"));
            assertIllegal(() -> Debit.of(ClientTest.WALLET, 1, bad));
            assertIllegal(() -> Debit.of(ClientTest.WALLET, 1, "test").note(bad));
            assertIllegal(() -> Debit.of(ClientTest.WALLET, 1, "test").metadata(java.util.Map.of("k", bad)));
            assertIllegal(() -> WalletClient.builder("localhost:1").token(bad).build());
        }
        assertEquals("😀", Convert.text("note", "😀"));
        assertIllegal(() -> Capture.of(1, 0, "test"));
        assertIllegal(() -> Refund.of(1, 0, "test"));
        assertIllegal(() -> Hold.of(ClientTest.WALLET, 1, java.time.Duration.ofNanos(1), "test"));
        assertIllegal(() -> ListWallets.of("u").pageSize(-1));
        assertIllegal(() -> Freeze.of(ClientTest.WALLET, FreezeScope.UNRECOGNIZED, "test"));
    }

    private static void assertIllegal(Runnable body) {
        IllegalArgumentException e =
                org.junit.jupiter.api.Assertions.assertThrows(IllegalArgumentException.class, body::run);
        assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
    }

    @Test
    void aRequestDoesNotChange() {
        Debit first = Debit.of(ClientTest.WALLET, 1, "test");
        Debit second = first.note("n").key("k-12345678");
        assertEquals(Debit.of(ClientTest.WALLET, 1, "test"), first);
        assertTrue(!first.equals(second) && second.toString().contains("k-12345678"), second.toString());
    }
}
