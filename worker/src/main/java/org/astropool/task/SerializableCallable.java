package org.astropool.task;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Callable} that can be sent to a worker. A lambda for a parameter of this type is serializable without a
 * cast.
 *
 * @param <V> type of the result, may be null
 */
@FunctionalInterface
public interface SerializableCallable<V extends @Nullable Object> extends Callable<V>, Serializable {}
