package org.astropool.internal.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.text.ThrowableText;
import org.astropool.task.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The broadcast values of a worker process. A value is deserialized once, by the first task that asks for it.
 * Thread-safe.
 */
final class SharedValues {
    private final Map<Integer, Entry> entries = new ConcurrentHashMap<>();
    private final Serialization serialization;

    SharedValues(ClassLoader loader) {
        this.serialization = new Serialization(loader);
    }

    void put(int number, ValueBlock value) {
        entries.put(number, new Entry(value));
    }

    void remove(int number) {
        entries.remove(number);
    }

    /** Connects a broadcast that is read inside a function to the values of this process. */
    Object resolve(Object object) {
        return object instanceof Broadcast<?> broadcast
                ? new Broadcast<>(broadcast.number(), () -> get(broadcast.number()))
                : object;
    }

    @SuppressWarnings("NullAway") // a broadcast null comes back as null
    private Object get(int number) {
        Entry entry = entries.get(number);
        if (entry == null) {
            throw new IllegalStateException("broadcast " + number + " was forgotten by the pool");
        }
        return entry.value(serialization);
    }

    private static final class Entry {
        private @Nullable ValueBlock packed;
        private @Nullable Object value;
        private @Nullable IllegalStateException failure;

        Entry(ValueBlock packed) {
            this.packed = packed;
        }

        synchronized @Nullable Object value(Serialization serialization) {
            if (failure != null) {
                throw failure;
            }
            if (packed != null) {
                try {
                    value = packed.take(0, serialization);
                    packed = null;
                } catch (Throwable e) { // its own readObject may throw anything
                    failure = new IllegalStateException(
                            "a broadcast value cannot be deserialized on this worker: " + ThrowableText.describe(e), e);
                    throw failure;
                }
            }
            return value;
        }
    }
}
