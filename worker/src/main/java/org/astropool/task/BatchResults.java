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

    /** The task fails as if it had thrown an exception with this message. */
    void failed(int i, FailureKind kind, String message);

    /**
     * The same with what else is known of it.
     *
     * @param lastWords the last lines that a program said of it, or a stack trace
     */
    default void failed(int i, FailureKind kind, String message, String lastWords) {
        failed(i, kind, message);
    }

    /** The function does not apply to this input; no failure. */
    void skipped(int i, String reason);
}
