package example.walletd;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import example.walletd.internal.Pb;
import java.util.List;

/**
 * One call of a verb, before it meets a connection.
 *
 * @param key null for reads
 * @param mutates an attempt may have an effect; a dry run has a key and changes nothing
 * @param itemKeys those of the items of a batch that has none for all; {@code key} is then the one they were made from
 * @param reader makes the result of the payload of an OK
 */
record Request<T>(
        Pb.Method method,
        byte[] payload,
        String key,
        boolean mutates,
        boolean retryOfUnknown,
        List<String> itemKeys,
        Reader<T> reader) {

    /** What an OK says of keys. */
    interface Settling {
        /** Whether an attempt of the key ended unknown. */
        boolean isUnknown(String key);

        /** The OK settles this key. */
        void settled(String key);
    }

    /** Reads an OK. A payload that isn't what was asked for is an InvalidProtocolBufferException. */
    interface Reader<T> {
        T read(byte[] payload, Settling keys) throws InvalidProtocolBufferException;
    }

    /** Parses a payload. */
    interface Parser<T> {
        T parse(byte[] payload) throws InvalidProtocolBufferException;
    }

    static <T> Request<T> read(Pb.Method method, Message message, Parser<T> parser) {
        return new Request<>(
                method, message.toByteArray(), null, false, false, List.of(), (payload, keys) -> parser.parse(payload));
    }

    static <T> Request<T> mutation(Pb.Method method, Mutation<?> mutation, String key, Parser<T> parser) {
        Message message = Asked.setOf(mutation.message.toBuilder(), "idempotency_key", key).build();
        // A dry run changes nothing, and says nothing of what became of other attempts: to the client it is a read.
        boolean mutates = !mutation.isDryRun();
        Reader<T> reader = (payload, keys) -> {
            T result = parser.parse(payload);
            if (mutates) {
                keys.settled(key);
            }
            return result;
        };
        return new Request<>(
                method, message.toByteArray(), key, mutates, mutation.retryOfUnknown, List.of(), reader);
    }
}
