package example.walletd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.walletd.internal.Deframer;
import example.walletd.internal.Frame;
import example.walletd.internal.FrameException;
import example.walletd.internal.WriteBuffer;
import example.walletd.tools.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Frames, against the golden ones of proto/vectors. */
class FrameTest {
    private static final HexFormat HEX = HexFormat.of();

    static Map<String, Object> vectors(String file) {
        try {
            return Json.object(Files.readString(Path.of("../../proto/vectors", file)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(Object value) {
        return (List<Map<String, Object>>) value;
    }

    @TestFactory
    Stream<DynamicTest> vectors() {
        Map<String, Object> all = vectors("frames.json");
        int limit = ((Long) all.get("limit")).intValue();
        List<Map<String, Object>> vectors = list(all.get("vectors"));
        assertTrue(vectors.size() >= 20, "only " + vectors.size() + " vectors");
        return vectors.stream().flatMap(vector -> Stream.of(false, true).map(inBytes -> DynamicTest.dynamicTest(
                vector.get("name") + (inBytes ? ", byte by byte" : ""), () -> check(vector, limit, inBytes))));
    }

    private static void check(Map<String, Object> vector, int limit, boolean inBytes) throws FrameException {
        byte[] bytes = HEX.parseHex((String) vector.get("hex"));
        Deframer deframer = new Deframer(limit);
        WriteBuffer again = new WriteBuffer(16);
        int given = inBytes ? 0 : bytes.length;
        deframer.feed(Arrays.copyOf(bytes, given));
        for (Map<String, Object> wanted : list(vector.get("frames"))) {
            Frame frame = deframer.next();
            while (frame == null && given < bytes.length) {
                deframer.feed(new byte[] {bytes[given++]});
                frame = deframer.next();
            }
            assertEquals(wanted.get("type"), (long) frame.type());
            assertEquals(wanted.get("flags"), (long) frame.flags());
            assertEquals(wanted.get("code"), (long) frame.code());
            assertEquals(wanted.get("request_id"), Integer.toUnsignedLong(frame.requestId()));
            assertEquals(wanted.get("millis"), Integer.toUnsignedLong(frame.millis()));
            assertEquals(wanted.get("payload"), HEX.formatHex(frame.payload()));
            frame.appendTo(again);
        }
        deframer.feed(Arrays.copyOfRange(bytes, given, bytes.length));
        if (vector.get("error") != null) {
            assertEquals(vector.get("error"), assertThrows(FrameException.class, deframer::next).rule());
        } else {
            assertNull(deframer.next());
            assertEquals(again.size() < bytes.length, deframer.isWithinFrame());
        }
        assertArrayEquals(Arrays.copyOf(bytes, again.size()), again.toBytes());
    }

    @Test
    void thePreface() {
        Object good = ((Map<?, ?>) vectors("frames.json").get("preface")).get("good");
        assertEquals(good, HEX.formatHex(Frame.PREFACE));
    }

    @Test
    void aLengthIsCheckedBeforeTheBodyIsWaitedFor() {
        Deframer deframer = new Deframer(1 << 20);
        deframer.feed(new byte[] {-1, -1, -1, -1});
        assertEquals("length_max", assertThrows(FrameException.class, deframer::next).rule());
    }

    @Test
    void theBoundMayChange() throws FrameException {
        Deframer deframer = new Deframer(Frame.HEADER_BYTES);
        deframer.feed(Frame.of(Frame.HELLO_ACK, 0).encode());
        deframer.feed(Frame.of(Frame.RESPONSE, 1, new byte[100]).encode());
        assertEquals(Frame.HELLO_ACK, deframer.next().type());
        deframer.setMax(Frame.HEADER_BYTES + 100);
        assertEquals(100, deframer.next().payload().length);
    }

    @Test
    void framesOfAnySizeInPiecesOfAnySize() throws FrameException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Deframer deframer = new Deframer(1 << 20);
        WriteBuffer all = new WriteBuffer(16);
        byte[][] payloads = new byte[200][];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = new byte[random.nextInt(10) == 0 ? random.nextInt(300_000) : random.nextInt(200)];
            random.nextBytes(payloads[i]);
            Frame.of(Frame.EVENT, i + 1, payloads[i]).appendTo(all);
        }
        byte[] bytes = all.toBytes();
        int next = 0;
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(100_000));
            deframer.feed(Arrays.copyOfRange(bytes, at, end));
            at = end;
            for (Frame frame = deframer.next(); frame != null; frame = deframer.next()) {
                assertEquals(next + 1, frame.requestId(), "seed " + seed);
                assertArrayEquals(payloads[next++], frame.payload(), "seed " + seed);
            }
        }
        assertEquals(payloads.length, next);
    }
}
