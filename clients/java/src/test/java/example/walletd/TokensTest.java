package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of the real server. */
class TokensTest extends ClientTest {
    private RealServer server;
    private String root;

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        return said.strip();
    }

    /** A ledger with a token of what administrators may do, and a server that asks who is calling. */
    @BeforeEach
    void start() throws Exception {
        Path data = folder();
        run(RealServer.program(), "init", "--data", data.toString());
        root = run(
                RealServer.program(), "token", "create", "--data", data.toString(), "--principal", "root", "--scopes",
                "admin,read,credit");
        server = closing(new RealServer(data, "--auth", "required"));
    }

    @Test
    void aTokenFromItsMakingToItsEnd() {
        WalletClient admin = client(server.address(), builder -> builder.token(root));
        TokenSecret secret = TokenSecret.create();
        Instant end = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MICROS);
        CreateToken create = CreateToken.bySecret("till-7", secret, "new.till")
                .scopes("read", "credit")
                .currencies("EUR")
                .ownerPrefix("user-")
                .maxAmount(500)
                .expiresAt(end)
                .key("token-till-7");
        CreatedToken created = admin.createToken(create);
        CreatedToken again = admin.createToken(create);
        assertTrue(again.result().replayed());
        assertEquals(created.token(), again.token());
        AdministrationRow row = created.result().row();
        assertEquals(row.id(), row.tokenId());
        assertTrue(row.verb().equals("CREATE_TOKEN") && row.subject().equals("till-7"));
        Token last = null;
        for (Token token : admin.allTokens(ListTokens.all().pageSize(1))) {
            last = token;
        }
        assertEquals(row.id(), last.tokenId());
        assertEquals(TokenKind.SECRET, last.kind());
        assertEquals(List.of("read", "credit"), last.scopes());
        assertTrue(last.ownerPrefix().equals("user-") && last.maxAmount() == 500 && last.expiresAt().equals(end));

        WalletClient till = client(server.address(), builder -> builder.token(created.token()));
        WalletRef wallet = WalletRef.of("user-17", "EUR");
        till.openWallet(OpenWallet.of("user-17", "EUR", "signup"));
        assertEquals("till-7", till.credit(Credit.of(wallet, 500, "topup")).transaction().actor());
        Map<String, Runnable> denied = Map.of(
                "scope", () -> till.debit(Debit.of(wallet, 1, "test")),
                "max_amount", () -> till.credit(Credit.of(wallet, 501, "test")),
                "wallet", () -> till.getBalance(WalletRef.of("other-1", "EUR")));
        denied.forEach((rule, call) -> {
            RejectedException e = assertRejected(Reason.PERMISSION_DENIED, call);
            assertEquals(rule, assertDetail(Detail.ScopeDetail.class, e).rule());
        });

        admin.revokeToken(RevokeToken.of(row.id(), "till.gone"));
        UnauthenticatedException e =
                assertNotExecuted(UnauthenticatedException.class, () -> till.getBalance(wallet));
        assertEquals(Reason.UNAUTHENTICATED, e.reason());
        assertEquals("revoked", ((Detail.ScopeDetail) e.detail()).rule());
        assertFalse((e + created.toString()).contains(created.token()));
        assertEquals(2, admin.listTokens(ListTokens.all().withRevoked(true)).tokens().size());
        assertEquals(1, admin.listTokens(ListTokens.all().principal("root")).tokens().size());
    }

    @Test
    void aWrongTokenOrNone() {
        Map.of("missing", "", "wrong", "wlt_1_" + "0".repeat(64)).forEach((rule, token) -> {
            WalletClient client = client(server.address(), builder -> builder.token(token).retry(EAGER));
            assertWithin(Duration.ofSeconds(8), () -> {
                UnauthenticatedException e = assertNotExecuted(UnauthenticatedException.class, () -> debit(client));
                assertEquals(rule, ((Detail.ScopeDetail) e.detail()).rule());
                assertEquals(KEY, e.key());
            });
        });
    }

    @Test
    void otherWaysIn() {
        WalletClient admin = client(server.address(), builder -> builder.token(root));
        CreatedToken byName = admin.createToken(
                CreateToken.byCertificate("till-8", "till-8.test", "new.till").scopes("read"));
        CreatedToken byUser = admin.createToken(CreateToken.byUnixUser("till-9", 4711, "new.till").scopes("read"));
        assertTrue(byName.token() == null && byUser.token() == null);
        List<Token> tokens = admin.listTokens(ListTokens.all()).tokens();
        assertEquals("till-8.test", tokens.get(1).certificateName());
        assertEquals(4711, tokens.get(2).unixUser());
    }

    @Test
    void aSecretIsNotShown() {
        TokenSecret secret = TokenSecret.create();
        CreateToken create = CreateToken.bySecret("p", secret, "test");
        String hex = new Bytes(secret.toArray()).toString();
        assertFalse((secret + " " + create).contains(hex));
        assertNotEquals(secret, TokenSecret.create());
        assertEquals(secret, TokenSecret.of(secret.toArray()));
        assertThrows(IllegalArgumentException.class, () -> TokenSecret.of(new byte[31]));
    }
}
