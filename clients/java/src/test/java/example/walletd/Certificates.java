package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Certificates for tests, made by openssl: a folder with an authority, and what {@link #make} adds to it. */
final class Certificates {
    private static final List<String> NEW_KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes");

    private final Path folder;

    Certificates(Path folder) {
        this.folder = folder;
        List<String> request = new ArrayList<>(List.of("req", "-x509", "-days", "30", "-subj", "/CN=test authority"));
        request.addAll(NEW_KEY);
        request.addAll(List.of("-keyout", file("ca.key"), "-out", file("ca.pem")));
        openssl(request);
    }

    String file(String name) {
        return folder.resolve(name).toString();
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    Path authority() {
        return path("ca.pem");
    }

    /** NAME.pem and NAME.key, signed by the authority, for names such as "IP:127.0.0.1"; expired below 0 days. */
    Certificates make(String name, String names, int days) {
        List<String> request = new ArrayList<>(List.of("req", "-subj", "/CN=" + name));
        request.addAll(NEW_KEY);
        request.addAll(List.of("-keyout", file(name + ".key"), "-out", file(name + ".csr")));
        openssl(request);
        try {
            Files.writeString(path(name + ".ext"), "subjectAltName=" + names + "\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        openssl(List.of(
                "x509", "-req", "-in", file(name + ".csr"), "-out", file(name + ".pem"),
                "-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial",
                "-extfile", file(name + ".ext"), "-days", Integer.toString(days)));
        return this;
    }

    /** Trusts the authority and shows nothing. */
    Tls tls() {
        return Tls.files(authority(), null, null);
    }

    /** Trusts the authority and shows a certificate; its context is one of a server, too. */
    Tls tls(String name) {
        return Tls.files(authority(), path(name + ".pem"), path(name + ".key"));
    }

    SSLContext context(String name) {
        return tls(name).context();
    }

    private static void openssl(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            assertEquals(0, process.waitFor(), said);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
