package org.astropool.pool;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A function that was sent to the workers once, for tasks that are submitted one by one. Thread-safe.
 *
 * @param <A> type of the inputs
 * @param <R> type of the results
 */
public interface RemoteFunction<A, R> extends AutoCloseable {

    /**
     * Evaluates one input. The future fails with {@link TaskFailedException} when the task fails, with
     * {@link org.astropool.task.SkippedException} when it is skipped, with {@link PoolException} when the pool ends,
     * with {@link CancellationException} when the task has no outcome because the call was cancelled
     * ({@link CallOptions#cancellation}).
     *
     * <p>A task whose future is cancelled before the task begins is not evaluated. {@code cancel(true)} also interrupts
     * a task that has begun, and so does every other completion of the future by the caller, for instance by
     * {@link CompletableFuture#orTimeout}; {@code cancel(false)} lets it end.
     *
     * @param input is copied now: later changes have no effect
     * @throws IllegalArgumentException when the input cannot be serialized, or is too large for a message of the
     *     carrier
     * @throws IllegalStateException when this function was closed, or from inside a task
     */
    CompletableFuture<R> submit(A input);

    /**
     * As {@link #submit(Object)}, with a callback. If an evaluation thread of this JVM produces the outcome, it calls
     * the callback itself, since waking another thread takes longer than a short task. Therefore {@code whenDone}
     * should be short, and must not use the pool.
     *
     * @param whenDone receives the result, or the failure as described for {@link #submit(Object)}; exceptions that it
     *     throws are ignored
     * @return withdraws the task, as {@code cancel(true)} of a future does
     */
    Runnable submit(A input, BiConsumer<? super @Nullable R, ? super @Nullable Throwable> whenDone);

    /** No further tasks; those submitted are still evaluated. Idempotent. */
    @Override
    void close();
}
