package example.walletd;

import example.walletd.internal.Pb;
import java.time.Duration;

/**
 * The limits of a connection.
 *
 * @param requestBytesMax of a request
 * @param batchRequestBytesMax of a batch, and of its answer
 * @param responseBytesMax of an answer
 * @param requestsInFlightMax calls at a time
 * @param idleTimeout after which a silent connection is closed
 * @param defaultDeadline of a call without one
 */
public record ServerLimits(
        int requestBytesMax,
        int batchRequestBytesMax,
        int responseBytesMax,
        int requestsInFlightMax,
        Duration idleTimeout,
        Duration defaultDeadline) {
    static ServerLimits of(Pb.Limits m) {
        return new ServerLimits(
                m.getRequestBytesMax(),
                m.getBatchRequestBytesMax(),
                m.getResponseBytesMax(),
                m.getRequestsInFlightMax(),
                Duration.ofMillis(Integer.toUnsignedLong(m.getIdleTimeoutMillis())),
                Duration.ofMillis(Integer.toUnsignedLong(m.getDefaultDeadlineMillis())));
    }
}
