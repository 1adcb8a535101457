package org.astropool.task;

import java.io.Serializable;
import java.util.List;

/**
 * A function that evaluates a fixed block of consecutive tasks at once, for instance by one matrix product. Which tasks
 * share a batch follows from the batch size alone, never from timing, so results do not depend on the pool.
 *
 * @param <A> type of an input
 * @param <R> type of a result, may be null
 */
@FunctionalInterface
public interface BatchFunction<A, R> extends Serializable {

    /**
     * Evaluates the inputs and sets the outcome of each in {@code results}; one that is left unset counts as failed.
     * When this throws, every task of the batch is evaluated again as a batch of one.
     *
     * @param context the context of the first task of the batch
     */
    void applyBatch(List<A> inputs, BatchResults<R> results, TaskContext context) throws Exception;

    /**
     * Does work that is needed only once, for instance loads data. Called by each thread before it evaluates batches,
     * possibly many times, so it must be fast when there is nothing to do; the time does not count towards a timeout.
     *
     * @throws Exception fails the tasks that the thread would have evaluated
     */
    default void prepare() throws Exception {}

    /**
     * Tells which inputs this thread is about to apply one by one, so that a function that benefits from it can begin
     * with them early. Called before the first of them, where a batch is one task. Some may never come, and the next
     * call replaces this one.
     *
     * @param inputs the inputs in order, for this thread alone. Each is made whenever it is asked for; one that cannot
     *     be provided throws an unchecked exception
     * @param firstIndex the index of the first, the others follow
     * @throws Exception fails the tasks
     */
    default void expect(List<A> inputs, long firstIndex) throws Exception {}
}
