package org.astropool.task;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a task. Immutable.
 *
 * @param <R> type of the result
 */
public sealed interface Outcome<R> {

    /** The index of the task in its call, from 0. */
    long index();

    /** Which execution gave this outcome. */
    Execution execution();

    /** The number of the execution that gave this outcome, from 1. */
    default int attempt() {
        return execution().attempt();
    }

    /**
     * The function returned.
     *
     * @param result what it returned, may be null
     */
    record Done<R>(
            long index, Execution execution, @Nullable R result) implements Outcome<R> {}

    /** The task failed for good. */
    record Failed<R>(long index, Execution execution, TaskFailure failure) implements Outcome<R> {}

    /** The function said that it does not apply. */
    record Skipped<R>(long index, Execution execution, String reason) implements Outcome<R> {}

    /**
     * One execution of a task.
     *
     * @param attempt from 1
     * @param worker number of the worker process, or -1 when no worker finished it
     * @param host name of the worker's host, or ""
     * @param seconds how long the evaluation took; a task of a batch has its share of the batch
     */
    record Execution(int attempt, int worker, String host, double seconds) {}
}
