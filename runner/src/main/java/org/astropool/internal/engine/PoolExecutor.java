package org.astropool.internal.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.RemoteFunction;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/** The executor service view of a pool. Thread-safe. */
@SuppressWarnings({"FutureReturnValueIgnored", "CollectionUndefinedEquality"}) // whoever submits keeps it; by identity
final class PoolExecutor implements ExecutorService {
    private final RemoteFunction<Work, Object> function;
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean shutdown;

    /** What travels; one of the two is null. */
    private record Work(
            @Nullable Callable<?> callable, @Nullable Runnable runnable) implements Serializable {
        private static final long serialVersionUID = 1;

        @Nullable
        Object call() throws Exception {
            if (callable != null) {
                return callable.call();
            }
            if (runnable != null) {
                runnable.run();
            }
            return null;
        }
    }

    PoolExecutor(Pool pool) {
        TaskFunction<Work, Object> call = Work::call;
        this.function = pool.function(call, CallOptions.defaults());
    }

    @Override
    @SuppressWarnings("unchecked") // the callable gives results of this type
    public <T> Future<T> submit(Callable<T> task) {
        return (Future<T>) submit(new Work(task, null));
    }

    @Override
    public Future<?> submit(Runnable task) {
        return submit(new Work(null, task));
    }

    @Override
    @SuppressWarnings("unchecked") // the stage gives the result that was handed in
    public <T> Future<T> submit(Runnable task, T result) {
        return (Future<T>) submit(new Work(null, task)).thenApply(nothing -> result);
    }

    @Override
    public void execute(Runnable command) {
        submit(new Work(null, command));
    }

    private CompletableFuture<?> submit(Work work) {
        if (shutdown) {
            throw new RejectedExecutionException("this executor service was shut down");
        }
        CompletableFuture<?> future;
        try {
            future = function.submit(work);
        } catch (IllegalArgumentException e) {
            String advice = e.getCause() instanceof UnserializableException
                    ? "; a lambda is serializable when it is cast to (Callable<T> & Serializable)"
                    : "";
            throw new RejectedExecutionException(e.getMessage() + advice, e);
        }
        pending.add(future);
        future.whenComplete((result, thrown) -> pending.remove(future));
        return future;
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return invokeAll(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        long deadline = deadline(timeout, unit);
        List<Future<T>> futures = new ArrayList<>();
        try {
            for (Callable<T> task : tasks) {
                futures.add(submit(task));
            }
            for (Future<T> future : futures) {
                try {
                    future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (ExecutionException | CancellationException e) {
                    // its future tells
                } catch (TimeoutException e) {
                    break;
                }
            }
        } finally {
            futures.forEach(future -> future.cancel(true)); // has no effect on those that are done
        }
        return futures;
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("292 years have passed", e);
        }
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("no tasks");
        }
        long deadline = deadline(timeout, unit);
        BlockingQueue<CompletableFuture<T>> completed = new LinkedBlockingQueue<>();
        List<CompletableFuture<T>> futures = new ArrayList<>();
        try {
            for (Callable<T> task : tasks) {
                CompletableFuture<T> future = (CompletableFuture<T>) submit(task);
                futures.add(future);
                future.whenComplete((result, thrown) -> completed.add(future));
            }
            ExecutionException last = null;
            for (int i = 0; i < futures.size(); i++) {
                CompletableFuture<T> next = completed.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new TimeoutException("no task has succeeded within " + timeout + " " + unit);
                }
                try {
                    return next.get();
                } catch (ExecutionException e) {
                    last = e;
                }
            }
            throw java.util.Objects.requireNonNull(last);
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    private static long deadline(long timeout, TimeUnit unit) {
        return System.nanoTime() + Math.min(unit.toNanos(timeout), Long.MAX_VALUE / 2);
    }

    @Override
    public void shutdown() {
        shutdown = true;
        function.close();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        pending.forEach(future -> future.cancel(true));
        return List.of(); // what was sent cannot be given back as it came
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && pending.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            CompletableFuture.allOf(pending.toArray(new CompletableFuture<?>[0]))
                    .handle((nothing, thrown) -> null)
                    .get(timeout, unit);
            return shutdown;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("handle() gives no exceptions", e);
        }
    }
}
