package example.walletd.tools;

import example.walletd.Bytes;
import example.walletd.JournalHead;
import example.walletd.TransactionFilter;
import example.walletd.WalletLimits;
import example.walletd.WalletRef;
import example.walletd.WindowLimit;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The arguments of a verb, with the names of the schema. Each is taken once; what nobody takes is an error. */
final class Arguments {
    /** Where a setter has another name than the field. */
    private static final Map<String, String> SETTERS = Map.of(
            "idempotency_key", "key",
            "final", "isFinal",
            "wallet_ids", "wallets");

    private final Map<String, Object> members;

    Arguments(Object members) {
        this.members = new LinkedHashMap<>();
        if (members instanceof Map<?, ?> map) {
            map.forEach((name, value) -> this.members.put((String) name, value));
            this.members.values().removeIf(Objects::isNull); // null is what isn't there
        } else if (members != null) {
            throw new IllegalArgumentException("no object: " + members);
        }
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    Object take(String name) {
        return members.remove(name);
    }

    /** Puts back what was taken for nothing; an empty text wasn't there. */
    void restore(String name, String text) {
        if (!text.isEmpty()) {
            members.put(name, text);
        }
    }

    String text(String name) {
        return has(name) ? (String) convert(name, take(name), String.class) : "";
    }

    long integer(String name) {
        return has(name) ? integer(name, take(name)) : 0;
    }

    int count(String name) {
        return Math.toIntExact(integer(name));
    }

    boolean is(String name) {
        return has(name) && (Boolean) convert(name, take(name), boolean.class);
    }

    WalletRef wallet(String name) {
        return (WalletRef) convert(name, take(name), WalletRef.class);
    }

    WalletLimits limits(String name) {
        Arguments given = new Arguments(take(name));
        WalletLimits limits = new WalletLimits(
                given.integer("overdraft_limit"),
                given.integer("max_balance"),
                given.integer("max_amount"),
                given.window("day"),
                given.window("week"),
                given.window("month"));
        given.none();
        return limits;
    }

    private WindowLimit window(String name) {
        Arguments given = new Arguments(take(name));
        WindowLimit window = new WindowLimit(given.integer("amount"), given.integer("count"));
        given.none();
        return window;
    }

    <E extends Enum<E>> E value(String name, Class<E> type) {
        return Enum.valueOf(type, text(name));
    }

    /** Nothing is left. */
    void none() {
        if (!members.isEmpty()) {
            throw new IllegalArgumentException("no argument " + members.keySet().iterator().next());
        }
    }

    /** What is asked for, with all that is left, each by its setter. */
    <A> A fill(A asked) {
        A filled = asked;
        for (String name : List.copyOf(members.keySet())) {
            filled = set(filled, name, take(name));
        }
        return filled;
    }

    @SuppressWarnings("unchecked")
    private static <A> A set(A asked, String name, Object value) {
        String setter = SETTERS.getOrDefault(name, camel(name.replaceFirst("_micros$", "")));
        for (Method method : asked.getClass().getMethods()) {
            if (method.getName().equals(setter) && method.getParameterCount() == 1 && !method.isBridge()) {
                try {
                    return (A) method.invoke(asked, convert(name, value, method.getParameterTypes()[0]));
                } catch (InvocationTargetException e) {
                    throw new IllegalArgumentException(name + ": " + e.getCause().getMessage(), e);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalArgumentException("no argument " + name);
    }

    private static Object convert(String name, Object value, Class<?> type) {
        if (type == String.class || type == boolean.class) {
            Class<?> wanted = type == String.class ? String.class : Boolean.class;
            if (wanted.isInstance(value)) {
                return value;
            }
        } else if (type == long.class) {
            return integer(name, value);
        } else if (type == int.class) {
            return Math.toIntExact(integer(name, value));
        } else if (type == Instant.class) {
            return Instant.EPOCH.plus(integer(name, value), ChronoUnit.MICROS);
        } else if (type == WalletRef.class) {
            Arguments given = new Arguments(value);
            WalletRef wallet = new WalletRef(
                    given.integer("id"), given.text("owner_id"), given.text("currency"), given.text("name"));
            given.none();
            return wallet;
        } else if (type == TransactionFilter.class) {
            return new Arguments(value).fill(TransactionFilter.all());
        } else if (type == JournalHead.class) {
            Arguments given = new Arguments(value);
            JournalHead head = new JournalHead(given.integer("seq"), Bytes.ofHex(given.text("digest")));
            given.none();
            return head;
        } else if (type == Map.class) {
            return pairs(name, value);
        } else if (type == Collection.class && value instanceof List<?> list) {
            return list.stream().map(one -> integer(name, one)).toList();
        } else if (type.isArray() && value instanceof List<?> list) {
            Object array = Array.newInstance(type.getComponentType(), list.size());
            for (int i = 0; i < list.size(); i++) {
                Array.set(array, i, convert(name, list.get(i), type.getComponentType()));
            }
            return array;
        } else if (type.isEnum() && value instanceof String text) {
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(text)) {
                    return constant;
                }
            }
        }
        throw new IllegalArgumentException(name + ": " + value + " is no " + type.getSimpleName());
    }

    /** Metadata: a list of key and value, or an object. */
    private static Map<String, String> pairs(String name, Object value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> pairs.put((String) key, (String) one));
        } else if (value instanceof List<?> list) {
            for (Object one : list) {
                Arguments pair = new Arguments(one);
                pairs.put(pair.text("key"), pair.text("value"));
            }
        } else {
            throw new IllegalArgumentException(name + ": no pairs");
        }
        return pairs;
    }

    /** A 64-bit integer, of a string or a number. */
    private static long integer(String name, Object value) {
        if (value instanceof Long number) {
            return number;
        }
        try {
            return Long.parseLong((String) value);
        } catch (NumberFormatException | ClassCastException e) {
            throw new IllegalArgumentException(name + ": " + value + " is no 64-bit integer", e);
        }
    }

    static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_' && i + 1 < name.length()) {
                camel.append(Character.toUpperCase(name.charAt(++i)));
            } else {
                camel.append(c);
            }
        }
        return camel.toString();
    }
}
