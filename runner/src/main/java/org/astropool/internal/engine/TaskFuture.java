package org.astropool.internal.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.astropool.internal.worker.WorkerLoop;
import org.astropool.pool.TaskFailedException;
import org.astropool.task.Outcome;
import org.astropool.task.SkippedException;
import org.jspecify.annotations.Nullable;

/**
 * The future of a submitted task.
 *
 * <p>What depends on a future runs on the thread that completes it, and that must not be the communication thread. So a
 * thread that waits in {@link #get} or {@link #join} completes the future itself, which also saves it a second wake-up;
 * when nobody waits, a thread of the common pool does.
 *
 * @param <R> type of the result
 */
final class TaskFuture<R> extends CompletableFuture<R> {
    private final Driver driver;
    private final Cancellation cancellation;
    private final boolean isAtOnce;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable OutcomeReader<R> outcome;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread waiter;

    /**
     * A future without an outcome.
     *
     * @param cancellation called when the future is completed by someone else, so that its task is not needed
     * @param isAtOnce whether an evaluation thread that brings the outcome may complete it: what depends on it must not
     *     take long, nor use the pool
     */
    TaskFuture(Driver driver, Cancellation cancellation, boolean isAtOnce) {
        this.driver = driver;
        this.cancellation = cancellation;
        this.isAtOnce = isAtOnce;
    }

    /** Cancels the task of a future. From any thread. */
    @FunctionalInterface
    interface Cancellation {

        /** @param interrupt whether to interrupt the task if it has begun */
        void cancel(boolean interrupt);
    }

    /** Called by the communication thread. */
    void arrived(OutcomeReader<R> reader) {
        outcome = reader;
        handOver();
    }

    /** There will be no outcome. Called by the communication thread. */
    void failed(RuntimeException cause) {
        failure = cause;
        handOver();
    }

    /** To the thread that waits, which may be one of the common pool itself, or to one that has time. */
    private void handOver() {
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        } else if (isAtOnce && WorkerLoop.isEvaluationThread()) {
            driver.runAfterWork(this::settle);
        } else {
            ForkJoinPool.commonPool().execute(this::settle);
        }
    }

    private void settle() {
        OutcomeReader<R> reader = outcome;
        Throwable cause = failure;
        if ((reader == null && cause == null) || !settled.compareAndSet(false, true)) {
            return;
        }
        try {
            complete(reader, cause);
        } catch (Throwable t) {
            completeTheRest(t);
        }
    }

    /**
     * A stage that depends on this one has thrown an exception that throws again when it is asked for its text. The
     * stages behind it are to be completed all the same; each attempt takes one of them at least.
     */
    private void completeTheRest(Throwable thrown) {
        boolean isComplete = false;
        while (!isComplete) {
            try {
                super.completeExceptionally(thrown); // has no effect on this future itself, unless it has none yet
                isComplete = true;
            } catch (Throwable t) {
                isComplete = false;
            }
        }
    }

    private void complete(@Nullable OutcomeReader<R> reader, @Nullable Throwable cause) {
        if (reader == null) {
            super.completeExceptionally(java.util.Objects.requireNonNull(cause));
            return;
        }
        Outcome<R> result = reader.next();
        if (result instanceof Outcome.Done<R> done) {
            super.complete(done.result());
        } else if (result instanceof Outcome.Failed<R> failed) {
            super.completeExceptionally(new TaskFailedException(failed.failure(), reader.exception()));
        } else if (result instanceof Outcome.Skipped<R> skipped) {
            super.completeExceptionally(new SkippedException(skipped.reason()));
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return orCancel(super.cancel(mayInterruptIfRunning), mayInterruptIfRunning);
    }

    /** Also called by {@link #orTimeout}, when the time is over. */
    @Override
    public boolean completeExceptionally(Throwable thrown) {
        return orCancel(super.completeExceptionally(thrown), true);
    }

    /** Also called by {@link #completeOnTimeout}, when the time is over. */
    @Override
    public boolean complete(@Nullable R value) {
        return orCancel(super.complete(value), true);
    }

    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable t) { // as CompletableFuture does
                completeExceptionally(new CompletionException(t));
            }
        });
        return this;
    }

    /** Without its own outcome, nobody needs the task any more. */
    private boolean orCancel(boolean completedFromOutside, boolean interrupt) {
        if (completedFromOutside) {
            cancellation.cancel(interrupt);
        }
        return completedFromOutside;
    }

    @Override
    public @Nullable R join() {
        await(Long.MAX_VALUE);
        try {
            return super.join();
        } catch (CompletionException | CancellationException e) {
            throw e;
        } catch (Throwable t) {
            completeTheRest(t); // of a stage behind this future, which this thread has run
            return super.join();
        }
    }

    @Override
    public @Nullable R get() throws InterruptedException, ExecutionException {
        await(Long.MAX_VALUE);
        try {
            return super.get();
        } catch (ExecutionException | InterruptedException | CancellationException e) {
            throw e;
        } catch (Throwable t) {
            completeTheRest(t); // as in join()
            return super.get();
        }
    }

    @Override
    public @Nullable R get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        long limit = unit.toNanos(timeout);
        long begin = System.nanoTime();
        await(limit);
        long left = Math.max(0, limit - (System.nanoTime() - begin));
        try {
            return super.get(left, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException | CancellationException e) {
            throw e;
        } catch (Throwable t) {
            completeTheRest(t); // as in join()
            return super.get(left, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Waits for the outcome and settles it here; returns early when interrupted, or when someone else waits like this.
     */
    private void await(long limitNanos) {
        if (isDone()) {
            return;
        }
        if (waiter == null) {
            waiter = Thread.currentThread();
            try {
                long begin = System.nanoTime();
                long left = limitNanos;
                while (!isOver() && left > 0 && !Thread.currentThread().isInterrupted()) {
                    driver.await(this::isOver, Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
                    left = limitNanos - (System.nanoTime() - begin);
                }
            } finally {
                waiter = null;
            }
        }
        // also when interrupted: an outcome that came while we were the waiter was handed to nobody else
        settle();
    }

    private boolean isOver() {
        return outcome != null || failure != null || isDone();
    }
}
