package org.astropool.task;

import org.jspecify.annotations.Nullable;

/**
 * Takes the outcomes of a batch. Confined to the thread that evaluates the batch.
 *
 * @param <R> type of a result
 */
public interface BatchResults<R> {

    /** @param i position in the batch, from 0 */
    void done(int i, @Nullable R result);

    /**
     * The task fails as if it had thrown an exception.
     *
     * @param failure without worker, host and attempts, which are added
     */
    void failed(int i, TaskFailure failure);

    /** The task fails as if it had thrown an exception with this message. */
    default void failed(int i, FailureKind kind, String message) {
        failed(i, TaskFailure.of(kind, message));
    }

    /** The function does not apply to this input; no failure. */
    void skipped(int i, String reason);
}
