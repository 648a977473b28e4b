package example.walletd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * How a client recognises its server over TLS 1.3, and shows who it is itself. The server's certificate and the name in
 * it are checked.
 */
public final class Tls {
    /** The name of the protocol within TLS. */
    static final String ALPN = "wrp/1";

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;
    private final String serverName;

    private Tls(SSLContext context, String serverName) {
        this.context = context;
        this.serverName = serverName;
    }

    /** The authorities that Java trusts, and no certificate of the client. */
    public static Tls system() {
        return files(null, null, null);
    }

    /** A context of the caller's own. */
    public static Tls of(SSLContext context) {
        return new Tls(Objects.requireNonNull(context, "context"), null);
    }

    /**
     * Of files in PEM: authorities that are trusted, null for those that Java trusts; and the chain of certificates
     * that the client shows a server that asks for one with its key (PKCS#8, without a password), null for none.
     *
     * @throws IllegalArgumentException when one of them can't be used
     */
    public static Tls files(Path authorities, Path certificates, Path key) {
        if ((certificates == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key belong together");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            KeyManager[] keys = certificates == null ? null : keyManagers(certificates, key);
            TrustManager[] trust = authorities == null ? null : trustManagers(authorities);
            context.init(keys, trust, null);
            return new Tls(context, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS can't be used: " + e.getMessage(), e);
        }
    }

    /** The name or numeric address that the server's certificate must have; when not given the host of the address. */
    public Tls serverName(String name) {
        return new Tls(context, Objects.requireNonNull(name, "name"));
    }

    SSLContext context() {
        return context;
    }

    String serverNameOr(String host) {
        return serverName == null ? host : serverName;
    }

    private static TrustManager[] trustManagers(Path file) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        int count = 0;
        for (Certificate authority : certificates(file)) {
            store.setCertificateEntry("authority-" + count++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keyManagers(Path certificates, Path key) throws GeneralSecurityException {
        Certificate[] chain = certificates(certificates).toArray(Certificate[]::new);
        PrivateKey secret = privateKey(key, chain[0].getPublicKey().getAlgorithm());
        KeyStore store = emptyStore();
        store.setKeyEntry("client", secret, NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("an empty store is read from nowhere", e);
        }
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        try {
            var found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no certificate in " + file);
            }
            return found;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the certificates of " + file + " can't be used: " + Convert.why(e), e);
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) {
        try {
            Matcher found = KEY.matcher(Files.readString(file));
            if (!found.find()) {
                throw new IllegalArgumentException("no private key in PKCS#8 without a password in " + file);
            }
            byte[] der = Base64.getMimeDecoder().decode(found.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (IOException | GeneralSecurityException e) {
            // What the key's own error says is left out: it may tell of the key.
            throw new IllegalArgumentException("the key of " + file + " can't be used", e);
        }
    }
}
