package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.tools.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The driver of conformance, as clients/conformance/DRIVER.md has it, against the real server. */
class DriverTest extends ClientTest {
    private static final String USER = "\"wallet\":{\"owner_id\":\"u-1\",\"currency\":\"USD\"}";

    private final Map<String, Map<String, Object>> results = new LinkedHashMap<>();
    private final Map<String, List<Object>> events = new LinkedHashMap<>();
    private Process process;
    private Writer input;
    private BufferedReader output;

    private void write(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    private void awaitResult(String id) throws IOException {
        while (!results.containsKey(id)) {
            String line = output.readLine();
            assertNotNull(line, "the driver has ended");
            Map<String, Object> answer = Json.object(line);
            String of = (String) answer.get("id");
            if (answer.containsKey("event")) {
                events.computeIfAbsent(of, key -> new ArrayList<>()).add(answer.get("event"));
            } else {
                results.put(of, answer);
            }
        }
    }

    private void ask(String id, String members) throws IOException {
        write("{\"id\":\"" + id + "\"," + members + "}");
        awaitResult(id);
    }

    private static String call(String verb, String args) {
        return "\"op\":\"call\",\"client\":\"c\",\"verb\":\"" + verb + "\",\"args\":{" + args + "}";
    }

    /** Follows a path such as "ok.transaction.id". */
    private static Object at(Object value, String path) {
        Object found = value;
        for (String name : path.split("\\.")) {
            if (found instanceof Map<?, ?> map) {
                found = map.get(name);
            } else if (found instanceof List<?> list) {
                found = list.get(Integer.parseInt(name));
            } else {
                return null;
            }
        }
        return found;
    }

    private void assertAt(Object wanted, String id, String path) {
        assertEquals(wanted, at(results.get(id), path), () -> path + " of " + id + ": " + results.get(id));
    }

    @Test
    void theDriver() throws Exception {
        RealServer server = server();
        FakeServer silent = fake(peer -> {
            peer.hello();
            peer.ends();
        });
        process = new ProcessBuilder("./driver").redirectError(ProcessBuilder.Redirect.INHERIT).start();
        input = process.outputWriter(StandardCharsets.UTF_8);
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        try {
            ask("connect", "\"op\":\"connect\",\"client\":\"c\",\"address\":\"" + server.address() + "\"");
            askVerbs();
            askOthers();
            ask("silent", "\"op\":\"connect\",\"client\":\"s\",\"address\":\"" + silent.address()
                    + "\",\"timeout_millis\":60000,\"attempts_max\":1");
            write("{\"id\":\"waits\"," + call("Ping", "").replace("\"c\"", "\"s\"") + "}");
            write("{\"id\":\"watches\",\"op\":\"stream\",\"client\":\"s\",\"verb\":\"WatchTransactions\",\"args\":{}}");
            ask("cancel", "\"op\":\"cancel\",\"target\":\"waits\"");
            ask("cancel-watch", "\"op\":\"cancel\",\"target\":\"watches\"");
            awaitResult("waits");
            awaitResult("watches");
            ask("close-silent", "\"op\":\"close\",\"client\":\"s\"");
            ask("close", "\"op\":\"close\",\"client\":\"c\"");
            ask("closed", call("Ping", ""));
            write("{\"id\":\"nonsense\"");
            input.close();
            assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it does not end");
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
        assertVerbs();
        assertOthers();
        assertAt("cancelled", "waits", "error.kind");
        assertAt("cancelled", "watches", "error.kind");
        assertAt("disconnected", "closed", "error.kind");
    }

    private void askVerbs() throws IOException {
        ask("open", call("OpenWallet", USER + ",\"reason\":\"test\""));
        ask("credit", call("Credit", USER
                + ",\"amount\":\"2000\",\"reason\":\"test\",\"metadata\":[{\"key\":\"a\",\"value\":\"b\"}]"));
        String debit = USER + ",\"amount\":\"450\",\"reason\":\"test\",\"idempotency_key\":\"my-key-0001\"";
        ask("debit", call("Debit", debit));
        ask("again", call("Debit", debit));
        ask("short", call("Debit", USER + ",\"amount\":\"9000\",\"reason\":\"test\""));
        ask("beyond", call("Debit", USER + ",\"amount\":\"9223372036854775808\",\"reason\":\"test\""));
        ask("unheard", call("Debit", USER + ",\"amount\":\"1\",\"reason\":\"test\",\"colour\":\"red\""));
        ask("no-verb", call("Steal", ""));
        ask("freeze", call(
                "Freeze", USER + ",\"scope\":\"DEBIT\",\"until_micros\":\"4102444800000000\",\"reason\":\"test\""));
        ask("frozen", call("Debit", USER + ",\"amount\":\"1\",\"reason\":\"test\""));
        ask("limits", call(
                "SetLimits",
                USER + ",\"limits\":{\"max_amount\":\"5\",\"day\":{\"amount\":\"9\",\"count\":\"2\"}},"
                        + "\"reason\":\"test\""));
        ask("explain", call("ExplainBalance", USER));
        String items = "\"items\":[{\"credit\":{" + USER + ",\"amount\":\"1\",\"reason\":\"test\"}},{\"debit\":{" + USER
                + ",\"amount\":\"1\",\"reason\":\"test\"}}]";
        ask("batch", call("Batch", items));
        ask("aborted", call("Batch", "\"atomic\":true," + items));
        ask("balance", call("GetBalance", USER));
        ask("wallet", call("GetWallet", USER));
        ask("then", call("GetBalanceAt", USER + ",\"version\":\"2\""));
        ask("rows", call(
                "ListTransactions",
                USER + ",\"oldest_first\":true,\"page_size\":2,\"filter\":{\"kinds\":[\"DEBIT\",\"CREDIT\"]}"));
        ask("refusals", call("ListRefusals", "\"reasons\":[\"INSUFFICIENT_FUNDS\"]"));
        ask("wallets", call("ListWallets", "\"owner_id\":\"u-1\""));
        ask("totals", call("TrialBalance", ""));
        ask("currency", call("RegisterCurrency", "\"code\":\"ESIM-MB\",\"exponent\":0,\"reason\":\"test\""));
        ask("account", call("AddCounterAccount", "\"name\":\"vouchers\",\"reason\":\"test\",\"note\":\"n\""));
        ask("token", call("CreateToken", "\"principal\":\"p\",\"scopes\":[\"read\"],\"reason\":\"test\""));
        ask("tokens", call("ListTokens", "\"with_revoked\":true"));
        ask("info", call("GetServerInfo", ""));
    }

    private void assertVerbs() {
        assertAt("1", "open", "ok.version");
        assertAt("2000", "credit", "ok.balance");
        assertAt("a", "credit", "ok.transaction.metadata.0.key");
        assertAt(2L, "credit", "ok.exponent");
        assertAt("my-key-0001", "debit", "ok.key");
        assertAt("DEBIT", "debit", "ok.transaction.kind");
        assertAt("-450", "debit", "ok.transaction.amount");
        assertAt("0", "debit", "ok.transaction.occurred_at_micros");
        assertAt(false, "debit", "ok.replayed");
        assertAt(true, "again", "ok.replayed");
        assertAt("rejected", "short", "error.kind");
        assertAt("INSUFFICIENT_FUNDS", "short", "error.reason");
        assertAt("7450", "short", "error.detail.shortfall");
        assertAt("invalid", "beyond", "error.kind");
        assertAt("invalid", "unheard", "error.kind");
        assertAt("invalid", "no-verb", "error.kind");
        assertAt("4102444800000000", "frozen", "error.detail.until_micros");
        assertAt("DEBIT", "frozen", "error.detail.scope");
        assertAt("2", "explain", "ok.limits.day.count");
        assertAt("1551", "batch", "ok.results.0.ok.balance");
        assertAt("WALLET_FROZEN", "batch", "ok.results.1.error.reason");
        assertAt("BATCH_ABORTED", "aborted", "error.reason");
        assertAt(1L, "aborted", "error.index");
        assertAt("WALLET_FROZEN", "aborted", "error.cause.reason");
        assertAt("1551", "balance", "ok.balance");
        assertAt("u-1", "wallet", "ok.wallet.owner_id");
        assertAt("OPEN", "wallet", "ok.status");
        assertAt("2000", "then", "ok.balance");
        assertAt("DEBIT", "rows", "ok.transactions.1.kind");
        assertAt("9000", "refusals", "ok.refusals.0.error.detail.requested");
        assertAt("USD", "wallets", "ok.wallets.0.currency");
        assertAt("0", "totals", "ok.currencies.0.difference");
        assertAt("ESIM-MB", "currency", "ok.row.subject");
        assertAt("n", "account", "ok.row.note");
        assertTrue(((String) at(results.get("token"), "ok.token")).startsWith("wlt_"));
        assertAt("read", "tokens", "ok.tokens.0.scopes.0");
        assertAt(true, "info", "ok.mutations_available");
        assertAt(10_000L, "info", "ok.limits.default_deadline_millis");
    }

    private void askOthers() throws IOException {
        String stream = "\"op\":\"stream\",\"client\":\"c\",\"verb\":";
        ask("watch", stream + "\"WatchTransactions\",\"args\":{\"after_seq\":\"0\"},\"limit\":3");
        ask("two-places", stream + "\"WatchTransactions\",\"args\":{\"after_seq\":\"0\",\"resume_token\":\"t\"}");
        ask("verify", stream + "\"Verify\",\"args\":{\"skip_integrity_check\":true}");
        ask("parse", "\"op\":\"money_parse\",\"text\":\"12.30\",\"exponent\":2");
        ask("bad", "\"op\":\"money_parse\",\"text\":\"1e3\",\"exponent\":2");
        ask("format", "\"op\":\"money_format\",\"amount\":\"-1\",\"exponent\":2");
        ask("keys", "\"op\":\"new_key\",\"count\":2");
        ask("decode", "\"op\":\"decode_frame\",\"hex\":\"00000018060000000000000700000000f68500000000000000000000\"");
        ask("encode", "\"op\":\"encode_frame\",\"type\":6,\"flags\":0,\"code\":0,\"request_id\":7,\"millis\":0,"
                + "\"payload\":\"0000000000000000\"");
        ask("broken", "\"op\":\"decode_frame\",\"hex\":\"00000018060000000000000700000000000000000000000000000000\"");
        ask("half", "\"op\":\"decode_frame\",\"hex\":\"000000180600\"");
        ask("no-op", "\"op\":\"dance\"");
    }

    private void assertOthers() {
        assertAt(Map.of(), "watch", "ok");
        assertEquals(3, events.get("watch").size());
        assertEquals("OPEN", at(events.get("watch"), "1.transaction.kind"));
        assertAt("invalid", "two-places", "error.kind");
        assertAt(Map.of(), "verify", "ok");
        List<Object> told = events.get("verify");
        assertEquals("0", at(told.get(told.size() - 1), "report.findings"));
        assertAt("1230", "parse", "ok.amount");
        assertAt("invalid", "bad", "error.kind");
        assertAt("-0.01", "format", "ok.text");
        assertEquals(2, ((List<?>) at(results.get("keys"), "ok.keys")).size());
        assertAt(7L, "decode", "ok.request_id");
        assertAt("0000000000000000", "decode", "ok.payload");
        assertAt("00000018060000000000000700000000f68500000000000000000000", "encode", "ok.hex");
        assertAt("checksum", "broken", "error.rule");
        assertAt("protocol", "half", "error.kind");
        assertAt("invalid", "no-op", "error.kind");
    }
}
