package org.astropool.pool;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.astropool.task.SerializableCallable;
import org.astropool.task.SerializableRunnable;

/**
 * A pool as an {@link ExecutorService}. Tasks are sent to workers, so they must be serializable. Lambdas are
 * serializable if they are passed to the methods of this interface, or if they are cast, for instance to
 * {@code (Callable<T> & Serializable)}, or for {@link java.util.concurrent.CompletableFuture#supplyAsync} to
 * {@code (Supplier<T> & Serializable)}. A task that cannot be serialized is refused with a
 * {@link java.util.concurrent.RejectedExecutionException}.
 *
 * <p>When a task throws, the cause in the {@link java.util.concurrent.ExecutionException} is its own exception, with a
 * {@link TaskFailedException} among the suppressed ones; it is the {@link TaskFailedException} itself where the
 * exception cannot be serialized or its class is missing in this process.
 *
 * <p>Cancelling a future with {@code cancel(true)}, and {@link #shutdownNow}, interrupt tasks that have begun. A task
 * that does not react to the interrupt keeps its slot until it ends. {@link #shutdownNow} returns an empty list,
 * because the tasks that were not begun are already at workers. {@link #awaitTermination} returns true when no worker
 * evaluates a task of this executor service any more.
 */
public interface PoolExecutorService extends ExecutorService {

    /** {@link #submit(Callable)} for a lambda. */
    default <T> Future<T> submit(SerializableCallable<T> task) {
        return submit((Callable<T>) task);
    }

    /** {@link #submit(Runnable)} for a lambda. */
    default Future<?> submit(SerializableRunnable task) {
        return submit((Runnable) task);
    }

    /** {@link #submit(Runnable, Object)} for a lambda. */
    default <T> Future<T> submit(SerializableRunnable task, T result) {
        return submit((Runnable) task, result);
    }

    /** {@link #execute(Runnable)} for a lambda. */
    default void execute(SerializableRunnable command) {
        execute((Runnable) command);
    }
}
