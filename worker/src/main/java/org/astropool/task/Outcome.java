package org.astropool.task;

import org.jspecify.annotations.Nullable;

/**
 * What became of a task. Immutable.
 *
 * @param <R> type of the result
 */
public sealed interface Outcome<R> {

    /** The index of the task in its call, from 0. */
    long index();

    /** The number of the execution that gave this outcome, from 1. */
    int attempt();

    /**
     * The function returned.
     *
     * @param result what it returned, may be null
     */
    record Done<R>(long index, int attempt, @Nullable R result) implements Outcome<R> {}

    /** The task failed for good. */
    record Failed<R>(long index, int attempt, TaskFailure failure) implements Outcome<R> {}

    /** The function said that it does not apply. */
    record Skipped<R>(long index, int attempt, String reason) implements Outcome<R> {}
}
