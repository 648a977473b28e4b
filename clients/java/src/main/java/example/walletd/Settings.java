package example.walletd;

import example.walletd.internal.Pb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What a client was told at its making, checked.
 *
 * @param token null: none
 * @param tokenFile null: none; read at each connect
 * @param tls null: plain
 * @param executor where futures are completed
 * @param silence after which a stream without a sign of life is given up
 */
record Settings(
        Address address,
        Duration timeout,
        Duration connectTimeout,
        int connections,
        String clientName,
        String ledgerId,
        String token,
        Path tokenFile,
        Tls tls,
        RetryPolicy retry,
        Executor executor,
        Duration silence) {

    /** The payload of HELLO, with the token that its file has now. */
    byte[] hello() throws IOException {
        Pb.Hello.Builder hello =
                Pb.Hello.newBuilder().addVersions(Wire.VERSION).setClientName(clientName).setLedgerId(ledgerId);
        String secret = tokenFile == null ? token : Files.readString(tokenFile).strip();
        if (secret != null && !secret.isEmpty()) {
            hello.setCredentials(Pb.Credentials.newBuilder().setToken(secret));
        }
        return hello.build().toByteArray();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Settings[" + address + "]";
    }
}
