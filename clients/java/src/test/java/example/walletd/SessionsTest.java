package example.walletd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.internal.Deframer;
import example.walletd.internal.Frame;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The golden sessions against a real server, whose answers are read as the client reads them. */
class SessionsTest extends ClientTest {
    @Test
    void goldenSessions() throws Exception {
        RealServer server = server();
        int port = Integer.parseInt(server.address().split(":")[1]);
        List<Map<String, Object>> sessions = FrameTest.list(FrameTest.vectors("sessions.json").get("vectors"));
        assertTrue(sessions.size() >= 10, "only " + sessions.size());
        for (Map<String, Object> session : sessions) {
            List<Map<String, Object>> wanted = FrameTest.list(session.get("answers"));
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.getOutputStream().write(HexFormat.of().parseHex((String) session.get("hex")));
                List<Map<String, Object>> told = new ArrayList<>();
                Deframer deframer = new Deframer(16 << 20);
                boolean closes = (Boolean) session.get("closes");
                while (told.size() < wanted.size() || closes) {
                    byte[] into = deframer.array();
                    int count = socket.getInputStream().read(into, deframer.position(), deframer.room());
                    if (count < 0) {
                        break;
                    }
                    deframer.received(count);
                    for (Frame frame = deframer.next(); frame != null; frame = deframer.next()) {
                        Map<String, Object> names = told.size() < wanted.size() ? wanted.get(told.size()) : Map.of();
                        told.add(seen(frame, names));
                    }
                }
                assertEquals(wanted, told, (String) session.get("name"));
            }
        }
    }

    /** The members of a frame that the session names. */
    private static Map<String, Object> seen(Frame frame, Map<String, Object> names) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("type", (long) frame.type());
        all.put("flags", (long) frame.flags());
        all.put("code", (long) frame.code());
        all.put("request_id", Integer.toUnsignedLong(frame.requestId()));
        all.put("payload", HexFormat.of().formatHex(frame.payload()));
        if (frame.type() == Frame.CONNECTION_ERROR || frame.type() == Frame.RESPONSE && frame.code() != 0) {
            Failure failure = Refusals.of(frame);
            all.put("reason", failure.reason().name());
            if (failure.detail() instanceof Detail.InvalidArgument detail) {
                all.put("field", detail.field());
            } else if (failure.detail() instanceof Detail.IdempotencyMismatch detail) {
                all.put("field", detail.field());
            }
        }
        Map<String, Object> seen = new LinkedHashMap<>();
        names.keySet().forEach(name -> seen.put(name, all.get(name)));
        return seen;
    }
}
