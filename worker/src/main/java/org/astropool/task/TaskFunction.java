package org.astropool.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function that the pool evaluates on a worker. It is serialized once per call and worker process, so a lambda may
 * capture only serializable values; every thread of a worker uses the same instance.
 *
 * @param <A> type of the input; {@code double[]}, {@link Double} and {@link Long} travel packed, everything else by
 *     Java serialization
 * @param <R> type of the result, likewise; may be null
 */
@FunctionalInterface
public interface TaskFunction<A, R> extends Serializable {

    /**
     * Evaluates one input.
     *
     * @throws SkippedException when the function does not apply to this input, which is no failure
     * @throws Exception any other exception makes this one task fail, with this exception as data
     */
    @Nullable
    R apply(A input) throws Exception;
}
