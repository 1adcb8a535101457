package org.astropool.internal.engine;

import java.util.function.Supplier;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.text.ThrowableText;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast value as the master sees it: unpacked when it is asked for, since mostly workers alone do. Thread-safe.
 *
 * @param <T> type of the value
 */
final class BroadcastValue<T> implements Supplier<T> {
    private final ValueBlock packed;
    private final Serialization serialization;
    private boolean isUnpacked;
    private @Nullable T value;

    BroadcastValue(ValueBlock packed, Serialization serialization) {
        this.packed = packed;
        this.serialization = serialization;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // what was packed was a T, which may be null
    public synchronized T get() {
        if (!isUnpacked) {
            try {
                value = (T) packed.get(0, serialization);
            } catch (Throwable e) { // its own readObject may throw anything
                throw new IllegalStateException(
                        "a broadcast value cannot be deserialized on the master: " + ThrowableText.describe(e), e);
            }
            isUnpacked = true;
        }
        return value;
    }
}
