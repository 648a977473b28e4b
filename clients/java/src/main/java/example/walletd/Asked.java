package example.walletd;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.util.Objects;

/** What is asked for: a message of the schema that doesn't change; setters copy it. */
abstract class Asked<A> {
    final Message message;

    Asked(Message message) {
        this.message = message;
    }

    /** The same with another message of the same type. */
    abstract A with(Message message);

    final A set(String field, Object value) {
        return with(setOf(message.toBuilder(), field, value).build());
    }

    static Message.Builder setOf(Message.Builder message, String field, Object value) {
        FieldDescriptor descriptor = message.getDescriptorForType().findFieldByName(field);
        if (Objects.requireNonNull(value, field) instanceof String text) {
            Convert.text(field, text);
        }
        return message.setField(descriptor, value);
    }

    /** Checks a count of rows, 0 for the server's default. */
    static int count(String name, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " is below 0: " + count);
        }
        return count;
    }

    /** Whether the other asks for the same. */
    @Override
    public boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && message.equals(((Asked<?>) other).message);
    }

    /** Fits {@link #equals}. */
    @Override
    public int hashCode() {
        return message.hashCode();
    }

    /** What is asked for, with the names of the schema. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + TextFormat.printer().shortDebugString(message) + "]";
    }
}
