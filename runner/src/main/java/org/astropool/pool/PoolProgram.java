package org.astropool.pool;

import org.jspecify.annotations.Nullable;

/**
 * The program that the master runs with a pool.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface PoolProgram<T> {

    /** Runs on the master only. The pool ends when this returns or throws. */
    @Nullable
    T run(Pool pool) throws Exception;
}
