package org.astropool.pool;

import java.util.List;
import org.astropool.task.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A function that was sent to the workers once, for rounds of tasks with a barrier after each, as used by samplers and
 * optimizers. The caller numbers the tasks: the number is the index that the function sees, selects its random stream,
 * and is written to the journal.
 *
 * <p>Thread-safe: several threads may evaluate rounds at the same time.
 *
 * @param <A> type of the inputs
 * @param <R> type of the results
 */
public interface TaskRounds<A, R> extends AutoCloseable {

    /**
     * Evaluates a round and waits for all of its tasks.
     *
     * @param taskNumbers one for each input, at least 0, and not the number of a running task. A task may be evaluated
     *     again in a later round
     * @return one outcome for each input, in order; null for a task that was not started because the call was cancelled
     * @throws PoolException when the pool failed or was closed, or this thread was interrupted
     * @throws IllegalArgumentException when an input cannot be serialized, or is too large for a message of the carrier
     * @throws IllegalStateException when these rounds were closed, or from inside a task
     */
    List<@Nullable Outcome<R>> evaluate(long[] taskNumbers, List<? extends A> inputs);

    /** No further rounds. Idempotent. */
    @Override
    void close();
}
