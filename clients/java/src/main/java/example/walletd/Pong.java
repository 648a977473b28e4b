package example.walletd;

import example.walletd.internal.Pb;
import java.time.Instant;

/**
 * The answer to a Ping.
 *
 * @param serverTime the server's clock
 * @param commitSeq the last durable place of the journal
 */
public record Pong(Instant serverTime, long commitSeq) {
    static Pong of(Pb.PingResponse m) {
        return new Pong(Convert.time(m.getServerTimeMicros()), m.getCommitSeq());
    }
}
