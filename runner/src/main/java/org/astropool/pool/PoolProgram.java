package org.astropool.pool;

import org.jspecify.annotations.Nullable;

/**
 * What the master does with a pool.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface PoolProgram<T> {

    /** Runs on the master alone. The pool ends when this returns or throws. */
    @Nullable
    T run(Pool pool) throws Exception;
}
