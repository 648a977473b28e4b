package example.walletd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import example.walletd.internal.Pb;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Values of the wire to those of this package and back. */
final class Convert {
    private static final long MICROS = 1_000_000;

    private Convert() {}

    /** Of microseconds since 1970; null of 0, which is "not given". */
    static Instant time(long micros) {
        if (micros == 0) {
            return null;
        }
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    /** What is finer than microseconds is left out. */
    static long micros(Instant time) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, time);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the time " + time + " is out of range", e);
        }
    }

    static Bytes bytes(ByteString bytes) {
        return new Bytes(bytes.toByteArray());
    }

    static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** The name of a verb in the schema, without its prefix. */
    static String verb(Pb.Method method) {
        return method == Pb.Method.UNRECOGNIZED ? "UNRECOGNIZED" : method.name().substring("METHOD_".length());
    }

    static Map<String, String> metadata(List<Pb.MetadataEntry> entries) {
        if (entries.isEmpty()) {
            return Map.of();
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Pb.MetadataEntry entry : entries) {
            metadata.put(entry.getKey(), entry.getValue());
        }
        return Collections.unmodifiableMap(metadata);
    }

    static <M, T> List<T> each(List<M> messages, Function<M, T> convert) {
        List<T> values = new ArrayList<>(messages.size());
        for (M message : messages) {
            values.add(convert.apply(message));
        }
        return Collections.unmodifiableList(values);
    }

    static VerifyEvent verifyEvent(Pb.VerifyEvent m) throws InvalidProtocolBufferException {
        return switch (m.getEventCase()) {
            case PROGRESS -> VerifyEvent.Progress.of(m.getProgress());
            case FINDING -> VerifyEvent.Finding.of(m.getFinding());
            case REPORT -> VerifyEvent.Report.of(m.getReport());
            case EVENT_NOT_SET -> throw new InvalidProtocolBufferException("an event has nothing in it");
        };
    }

    static BackupEvent backupEvent(Pb.BackupEvent m) throws InvalidProtocolBufferException {
        return switch (m.getEventCase()) {
            case PROGRESS -> BackupEvent.Progress.of(m.getProgress());
            case REPORT -> BackupEvent.Report.of(m.getReport());
            case EVENT_NOT_SET -> throw new InvalidProtocolBufferException("an event has nothing in it");
        };
    }

    /**
     * The text itself. A half of a surrogate pair has no UTF-8: the library would send a question mark in its place,
     * and so perhaps name another wallet.
     */
    static String text(String field, String text) {
        Objects.requireNonNull(text, field);
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                throw new IllegalArgumentException(field + " is no Unicode text: half of a surrogate pair at " + i);
            }
            i++;
        }
        return text;
    }

    /** What an error says; those of files say no more than the file's name. */
    static String why(Throwable error) {
        if (error instanceof NoSuchFileException) {
            return "there is no file " + error.getMessage();
        } else if (error instanceof AccessDeniedException) {
            return error.getMessage() + " may not be read";
        }
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    /** Checks a part of a whole: on the wire 0 is all of it, which nobody means who has reckoned an amount. */
    static void part(long amount) {
        if (amount == 0) {
            throw new IllegalArgumentException("an amount of 0 would be all there is: say so by all()");
        }
    }
}
