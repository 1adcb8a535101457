package org.astropool.task;

import java.io.Serializable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that was sent to every worker process once and is shared by its threads. Functions capture the broadcast, not
 * the value: only its number travels with them. Thread-safe.
 *
 * @param <T> type of the value
 */
public final class Broadcast<T> implements Serializable {
    private static final long serialVersionUID = 1;

    private final int number;
    private final transient @Nullable Supplier<? extends T> source;

    /**
     * Made by the pool, here and on workers.
     *
     * @param number of the value in its pool
     * @param source where this process has the value
     */
    public Broadcast(int number, @Nullable Supplier<? extends T> source) {
        this.number = number;
        this.source = source;
    }

    /** The number of the value in its pool. */
    public int number() {
        return number;
    }

    /**
     * The value; the same object for all tasks of a process, so it must not be changed.
     *
     * @throws IllegalStateException outside a pool, or when the pool has forgotten the value or it cannot be read here
     */
    public T value() {
        if (source == null) {
            throw new IllegalStateException("broadcast " + number
                    + " is not in a pool; only functions that were sent by" + " the pool that made it can use it");
        }
        return source.get();
    }
}
