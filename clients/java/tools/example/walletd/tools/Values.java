package example.walletd.tools;

import example.walletd.BackupEvent;
import example.walletd.BatchItemResult;
import example.walletd.BatchResult;
import example.walletd.Bytes;
import example.walletd.CancelledException;
import example.walletd.CreatedToken;
import example.walletd.DeadlineExceededException;
import example.walletd.DisconnectedException;
import example.walletd.InvalidCallException;
import example.walletd.NotExecutedException;
import example.walletd.OutcomeUnknownException;
import example.walletd.ProtocolException;
import example.walletd.RejectedException;
import example.walletd.TransferResult;
import example.walletd.UnauthenticatedException;
import example.walletd.VerifyEvent;
import example.walletd.Wallet;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** Results and errors of the client as JSON has them, with the names of the schema. */
final class Values {
    private Values() {}

    /** What a call gave. */
    static Object result(Object result) {
        if (result instanceof BatchResult batch) {
            Map<String, Object> fields = record(batch);
            fields.put("results", batch.results().stream().map(Values::item).toList());
            return fields;
        }
        if (result instanceof TransferResult transfer) { // with the source's figures, as every mutation has them
            Map<String, Object> fields = record(transfer.source());
            fields.putAll(record(transfer));
            return fields;
        }
        if (result instanceof CreatedToken created) {
            Map<String, Object> fields = record(created.result());
            fields.put("token", created.token() == null ? "" : created.token());
            return fields;
        }
        if (result instanceof Wallet wallet) { // which may be looked for here or, as in the response, in "wallet"
            Map<String, Object> fields = record(wallet);
            fields.put("wallet", record(wallet));
            return fields;
        }
        if (result instanceof VerifyEvent || result instanceof BackupEvent) {
            return Map.of(result.getClass().getSimpleName().toLowerCase(Locale.ROOT), plain(result, Object.class));
        }
        return plain(result, Object.class);
    }

    private static Map<String, Object> item(BatchItemResult item) {
        if (item.error() != null) {
            return Map.of("error", error(item.error()));
        }
        Map<String, Object> fields = record(item);
        fields.put("wallet_version", fields.get("version")); // its name in the response
        return Map.of("ok", fields);
    }

    private static Object plain(Object value, Class<?> type) {
        if (type == Instant.class) {
            return value == null ? "0" : Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
        } else if (value instanceof Long number) {
            return number.toString();
        } else if (value instanceof Enum<?> constant) {
            return constant.name().equals("UNRECOGNIZED") ? "UNSPECIFIED" : constant.name();
        } else if (value instanceof Bytes bytes) {
            return bytes.toString();
        } else if (value instanceof Duration duration) {
            return duration.toMillis();
        } else if (value instanceof RejectedException error) {
            return error(error);
        } else if (value instanceof Map<?, ?> map) {
            List<Object> pairs = new ArrayList<>();
            map.forEach((key, one) -> pairs.add(Map.of("key", key, "value", one)));
            return pairs;
        } else if (value instanceof List<?> list) {
            return list.stream().map(one -> plain(one, Object.class)).toList();
        } else if (value instanceof Record) {
            return record(value);
        }
        return value;
    }

    private static Map<String, Object> record(Object value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object member;
            try {
                member = component.getAccessor().invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
            String name = snake(component.getName());
            if (component.getName().equals("took")) { // of reports, in finer units than others
                fields.put("micros", Long.toString(((Duration) member).toNanos() / 1_000));
            } else if (member != null || component.getType() == Instant.class) {
                String unit = component.getType() == Instant.class
                        ? "_micros"
                        : component.getType() == Duration.class ? "_millis" : "";
                fields.put(name + unit, plain(member, component.getType()));
            }
        }
        return fields;
    }

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** A failure of a call. */
    static Map<String, Object> error(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof RejectedException rejected) {
            return rejected(rejected);
        }
        if (cause instanceof NotExecutedException notExecuted) {
            return notExecuted(notExecuted);
        }
        if (cause instanceof OutcomeUnknownException unknown) {
            Map<String, Object> fields = failure("outcome_unknown", unknown.getMessage());
            fields.put("key", unknown.key());
            fields.put("cause", error(unknown.lastAttempt()));
            return fields;
        }
        return failure("invalid", String.valueOf(cause.getMessage()));
    }

    static Map<String, Object> failure(String kind, String message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", kind);
        fields.put("message", message);
        return fields;
    }

    private static Map<String, Object> rejected(RejectedException e) {
        Map<String, Object> fields = failure("rejected", e.getMessage());
        fields.put("key", e.key() == null ? "" : e.key());
        fields.put("reason", reason(e.reason().name(), e.reasonNumber()));
        fields.put("reason_number", e.reasonNumber());
        fields.put("status", e.status());
        fields.put("replayed", e.replayed());
        fields.put("commit_seq", Long.toString(e.commitSeq()));
        if (e.detail() != null) {
            fields.put("detail", record(e.detail()));
        }
        if (e.itemRefusal() != null) {
            fields.put("index", e.index());
            fields.put("cause", error(e.itemRefusal()));
        }
        return fields;
    }

    private static Map<String, Object> notExecuted(NotExecutedException e) {
        String kind = "not_executed";
        if (e instanceof DisconnectedException) {
            kind = "disconnected";
        } else if (e instanceof DeadlineExceededException) {
            kind = "deadline_exceeded";
        } else if (e instanceof ProtocolException) {
            kind = "protocol";
        } else if (e instanceof UnauthenticatedException) {
            kind = "unauthenticated";
        } else if (e instanceof CancelledException) {
            kind = "cancelled";
        } else if (e instanceof InvalidCallException) {
            kind = "invalid";
        }
        Map<String, Object> fields = failure(kind, e.getMessage());
        fields.put("key", e.key() == null ? "" : e.key());
        fields.put("retry_after_millis", e.retryAfter().toMillis());
        if (e.reason() != null) {
            fields.put("reason", reason(e.reason().name(), e.reasonNumber()));
            fields.put("reason_number", e.reasonNumber());
        }
        if (e.detail() != null) {
            fields.put("detail", record(e.detail()));
        }
        return fields;
    }

    private static String reason(String name, int number) {
        return name.equals("UNRECOGNIZED") ? Integer.toString(number) : name;
    }
}
