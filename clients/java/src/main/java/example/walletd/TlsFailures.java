package example.walletd;

import java.io.EOFException;
import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Whose fault a failed handshake is. */
final class TlsFailures {
    private TlsFailures() {}

    /**
     * Its end for a connection: an identity that isn't accepted, here or there, won't be accepted next time either, and
     * what isn't TLS won't become it.
     */
    static Outcome.Failed of(IOException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
                return end(Failure.Kind.UNAUTHENTICATED, "the server's certificate is not accepted", error);
            }
            if (cause instanceof EOFException) {
                return broken(error);
            }
        }
        if (!(error instanceof SSLException)) {
            return broken(error);
        }
        String text = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        boolean isOfIdentity = text.contains("certificate") || text.contains("_ca") || text.contains("access");
        if (text.contains("alert") && isOfIdentity) {
            return end(Failure.Kind.UNAUTHENTICATED, "the server does not accept the client", error);
        }
        return end(Failure.Kind.PROTOCOL, "the two sides do not speak the same TLS", error);
    }

    private static Outcome.Failed broken(IOException error) {
        return Outcome.Failed.unsent(Failure.of(Failure.Kind.DISCONNECTED, "the TLS handshake broke off", error), true);
    }

    private static Outcome.Failed end(Failure.Kind kind, String message, IOException error) {
        return Outcome.Failed.unsent(Failure.of(kind, message, error), false);
    }
}
