package org.astropool.pool;

import java.io.Serializable;

/**
 * Adds one more input to an intermediate result, on a worker; see {@link Pool#reduce}. Shared by the threads of a
 * process, so it must be thread-safe.
 *
 * @param <U> intermediate result
 * @param <A> input
 */
@FunctionalInterface
public interface Accumulator<U, A> extends Serializable {

    /**
     * The intermediate result with the input.
     *
     * @param sum so far; it may be changed and returned
     * @throws org.astropool.task.SkippedException when the input is to be left out
     * @throws Exception any other exception fails the block of inputs
     */
    U accumulate(U sum, A input) throws Exception;
}
