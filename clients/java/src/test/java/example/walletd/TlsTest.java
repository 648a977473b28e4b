package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsTest extends ClientTest {
    private Certificates made;
    private Certificates other;

    @BeforeEach
    void make() {
        made = new Certificates(folder())
                .make("server", "IP:127.0.0.1,DNS:wallets.test", 30)
                .make("elsewhere", "DNS:elsewhere.test", 30)
                .make("expired", "IP:127.0.0.1", -1)
                .make("till-7", "DNS:till-7", 30);
        other = new Certificates(folder()).make("foreign", "DNS:till-7", 30);
    }

    /** A scripted server that speaks TLS in a way of its own. */
    private FakeServer secure(Consumer<SSLServerSocket> configure, FakeServer.Script script) {
        return closing(new FakeServer(made.context("server"), configure, script));
    }

    @Test
    void aServerIsRecognised() {
        LinkedBlockingQueue<SSLSocket> sockets = new LinkedBlockingQueue<>();
        for (String name : List.of("", "wallets.test")) {
            FakeServer fake = secureFake(made.context("server"), peer -> {
                assertEquals("secret", peer.hello().getCredentials().getToken());
                sockets.add((SSLSocket) peer.socket);
                while (true) {
                    peer.ok(peer.request(), pong(1));
                }
            });
            Tls tls = name.isEmpty() ? made.tls() : made.tls().serverName(name);
            WalletClient client = client(fake.address(), builder -> builder.token("secret").tls(tls));
            for (int i = 0; i < 3; i++) {
                client.ping();
            }
            SSLSocket socket = sockets.remove();
            assertEquals("wrp/1", socket.getApplicationProtocol());
            assertEquals("TLSv1.3", socket.getSession().getProtocol());
        }
    }

    @Test
    void certificatesThatAreNotAccepted() {
        Map<String, Tls> all = new LinkedHashMap<>();
        all.put("expired", made.tls());
        all.put("elsewhere", made.tls());
        all.put("server", other.tls());
        all.forEach((certificate, tls) -> {
            FakeServer fake = secureFake(made.context(certificate), peer -> {
                peer.hello();
                throw new AssertionError("the client spoke");
            });
            WalletClient client = client(fake.address(), builder -> builder.token("secret").tls(tls).retry(EAGER));
            assertWithin(Duration.ofSeconds(8), () -> {
                UnauthenticatedException e = assertNotExecuted(UnauthenticatedException.class, () -> debit(client));
                assertEquals(KEY, e.key());
            });
            assertEquals(1, fake.connections(), "it won't be accepted next time either");
        });
    }

    @Test
    void clientsCertificates() {
        FakeServer fake = secure(socket -> socket.setNeedClientAuth(true), peer -> {
            peer.hello();
            String who = ((SSLSocket) peer.socket).getSession().getPeerPrincipal().getName();
            assertEquals("CN=till-7", who);
            peer.ok(peer.request(), pong(1));
            peer.ends();
        });
        client(fake.address(), builder -> builder.tls(made.tls("till-7"))).ping();
    }

    @Test
    void tlsWhereThereIsNone() {
        FakeServer plain = fake(peer -> {
            peer.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            peer.ends();
        });
        WalletClient client = client(plain.address(), builder -> builder.retry(EAGER).tls(made.tls()));
        assertNotExecuted(ProtocolException.class, () -> debit(client));

        FakeServer old =
                secure(socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}), FakeServer.Peer::ends);
        WalletClient newer = client(old.address(), builder -> builder.retry(EAGER).tls(made.tls()));
        assertNotExecuted(ProtocolException.class, () -> debit(newer));

        FakeServer web = secure(socket -> FakeServer.speak(socket, "h2"), FakeServer.Peer::ends);
        WalletClient lost = client(web.address(), builder -> builder.retry(EAGER).tls(made.tls()));
        assertNotExecuted(ProtocolException.class, () -> debit(lost));

        FakeServer secure = secureFake(made.context("server"), FakeServer.Peer::ends);
        WalletClient open = client(secure.address(), builder -> builder.retry(RetryPolicy.NEVER));
        NotExecutedException e = assertThrows(NotExecutedException.class, () -> debit(open));
        assertTrue(e instanceof ProtocolException || e instanceof DisconnectedException, e::toString);
    }

    @Test
    void aHandshakeThatHangs() {
        FakeServer silent = fake(FakeServer.Peer::ends);
        WalletClient client =
                client(silent.address(), builder -> builder.timeout(Duration.ofMillis(200)).tls(Tls.system()));
        assertWithin(Duration.ofSeconds(20), () -> {
            assertNotExecuted(DeadlineExceededException.class, () -> debit(client));
            client.close();
        });
    }

    @Test
    void filesThatCannotBe() throws IOException {
        Path none = made.path("none.pem");
        Path key = made.path("till-7.key");
        Path text = Files.writeString(made.path("text"), "no PEM");
        Path old = Files.writeString(
                made.path("old.key"), "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        Path broken = Files.writeString(
                made.path("broken.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        for (Path[] files : new Path[][] {
            {none, null, null},
            {text, null, null},
            {null, none, key},
            {null, made.path("till-7.pem"), null},
            {null, null, key},
            {null, made.path("till-7.pem"), none},
            {null, made.path("till-7.pem"), old},
            {null, made.path("till-7.pem"), broken}
        }) {
            assertThrows(IllegalArgumentException.class, () -> Tls.files(files[0], files[1], files[2]));
        }
    }

    @Test
    void theRealServer() {
        String socket = folder().resolve("s").toString();
        RealServer server = server(
                "--tls-cert", made.file("server.pem"), "--tls-key", made.file("server.key"),
                "--tls-client-ca", made.file("ca.pem"), "--listen", "unix:" + socket);
        for (Tls tls : List.of(made.tls(), made.tls().serverName("wallets.test"), made.tls("till-7"))) {
            client(server.address(), builder -> builder.tls(tls)).ping();
        }
        client("unix:" + socket).ping();
        for (Tls tls : List.of(other.tls(), made.tls().serverName("elsewhere.test"))) {
            WalletClient client = client(server.address(), builder -> builder.tls(tls).retry(EAGER));
            assertEquals(KEY, assertNotExecuted(UnauthenticatedException.class, () -> debit(client)).key());
        }
        assertNotExecuted(ProtocolException.class, () -> debit(eager(server.address())));
        WalletClient client = client(server.address(), builder -> builder.tls(made.tls()));
        ServerTest.workThrough(client, progress -> {
            progress.run();
            server.kill();
            server.start();
            progress.run();
        });
        WalletClient secure = client(server().address(), builder -> builder.tls(made.tls()).retry(EAGER));
        assertNotExecuted(ProtocolException.class, () -> debit(secure));
    }

    @Test
    void theRealServerRequiresACertificate() {
        RealServer server = server(
                "--tls-cert", made.file("server.pem"), "--tls-key", made.file("server.key"),
                "--tls-client-ca", made.file("ca.pem"), "--tls-require-client-cert");
        client(server.address(), builder -> builder.tls(made.tls("till-7"))).ping();
        Tls foreign = Tls.files(made.authority(), other.path("foreign.pem"), other.path("foreign.key"));
        for (Tls tls : List.of(made.tls(), made.tls("expired"), foreign)) {
            WalletClient client = client(server.address(), builder -> builder.tls(tls).retry(EAGER));
            assertNotExecuted(UnauthenticatedException.class, () -> debit(client));
        }
    }
}
