package org.astropool.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TaskFunction} that also receives the context of the task: its index, its random numbers, whether it was
 * cancelled. The method has another name so that a lambda or method reference is never ambiguous.
 *
 * @param <A> type of the input
 * @param <R> type of the result, may be null
 */
@FunctionalInterface
public interface ContextFunction<A, R> extends Serializable {

    /**
     * Evaluates one input.
     *
     * @throws SkippedException when the function does not apply to this input, which is no failure
     * @throws Exception any other exception makes this one task fail
     */
    @Nullable
    R applyWithContext(A input, TaskContext context) throws Exception;
}
