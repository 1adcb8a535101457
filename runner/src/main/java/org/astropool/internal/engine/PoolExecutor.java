package org.astropool.internal.engine;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.astropool.internal.executor.AsyncWork;
import org.astropool.internal.executor.ExecutorWork;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.worker.PoolClasses;
import org.astropool.pool.PoolExecutorService;
import org.astropool.pool.TaskFailedException;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executor service view of a pool. Thread-safe. */
@SuppressWarnings({"FutureReturnValueIgnored", "CollectionUndefinedEquality"}) // whoever submits keeps it; by identity
final class PoolExecutor extends AbstractExecutorService implements PoolExecutorService {
    private static final Logger LOG = LoggerFactory.getLogger(PoolExecutor.class);
    /** The function whose inputs are the tasks. */
    static final TaskFunction<ExecutorWork, Object> CALL = ExecutorWork::call;

    /** The task that {@link #newTaskFor} has made last in this thread, until it is executed. */
    private static final ThreadLocal<@Nullable RemoteTask<?>> NEXT = new ThreadLocal<>();

    private final EngineFunction<ExecutorWork, Object> function;
    private final PoolClasses classes;
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean shutdown;

    /**
     * @param function {@link #CALL} at the workers
     * @param classes hears of those of each task
     */
    PoolExecutor(EngineFunction<ExecutorWork, Object> function, PoolClasses classes) {
        this.function = function;
        this.classes = classes;
    }

    // ---- tasks with a future ----

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return announced(new RemoteTask<>(callable, new ExecutorWork.Call(callable), false, null));
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return announced(new RemoteTask<>(runnable, new ExecutorWork.Run(runnable), true, value));
    }

    private <T> RemoteTask<T> announced(RemoteTask<T> task) {
        NEXT.set(task);
        return task;
    }

    /**
     * A task whose future is here. The methods of {@link AbstractExecutorService} execute it as it is.
     * {@link java.util.concurrent.ExecutorCompletionService} wraps it, and expects that it is done when its wrapper has
     * run.
     */
    private static final class RemoteTask<T> implements RunnableFuture<T> {
        private final Object task;
        private final ExecutorWork work;
        private final boolean hasValue;
        private final @Nullable T value;
        /** Stands for the future until the task is started; only a cancellation completes it. */
        private final CompletableFuture<Object> unstarted = new CompletableFuture<>();

        private volatile @Nullable TaskFuture<Object> started;

        RemoteTask(Object task, ExecutorWork work, boolean hasValue, @Nullable T value) {
            this.task = task;
            this.work = work;
            this.hasValue = hasValue;
            this.value = value;
        }

        private CompletableFuture<Object> future() {
            TaskFuture<Object> future = started;
            return future == null ? unstarted : future;
        }

        /** The wrapper runs it when it is done. */
        @Override
        public void run() {}

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return future().cancel(mayInterruptIfRunning);
        }

        @Override
        public boolean isCancelled() {
            return future().isCancelled();
        }

        @Override
        public boolean isDone() {
            return future().isDone();
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            try {
                return result(future().get());
            } catch (ExecutionException e) {
                throw new ExecutionException(ownException(e.getCause()));
            }
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            try {
                return result(future().get(timeout, unit));
            } catch (ExecutionException e) {
                throw new ExecutionException(ownException(e.getCause()));
            }
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // what the callable returned, which may be null
        private T result(@Nullable Object result) {
            return hasValue ? value : (T) result;
        }
    }

    /** What the task threw, with the failure among the suppressed; the failure itself where that cannot be had. */
    private static Throwable ownException(@Nullable Throwable thrown) {
        if (!(thrown instanceof TaskFailedException failed) || failed.getCause() == null) {
            return Objects.requireNonNull(thrown);
        }
        Throwable own = failed.getCause();
        synchronized (failed) {
            if (Arrays.stream(own.getSuppressed()).noneMatch(TaskFailedException.class::isInstance)) {
                own.addSuppressed(new TaskFailedException(failed.failure()));
            }
        }
        return own;
    }

    // ---- execution ----

    @Override
    public void execute(Runnable command) {
        RemoteTask<?> task = NEXT.get();
        NEXT.remove();
        if (shutdown) {
            throw new RejectedExecutionException("this executor service was shut down");
        }
        if (command instanceof RemoteTask<?> own) {
            start(own, own);
        } else if (task != null && command instanceof RunnableFuture) {
            start(task, command);
        } else if (command instanceof CompletableFuture.AsynchronousCompletionTask) {
            executeAsync(command);
        } else {
            send(command, new ExecutorWork.Run(Objects.requireNonNull(command))).whenComplete((nothing, thrown) -> {
                if (thrown != null && !(thrown instanceof CancellationException)) {
                    LOG.warn("a command of the executor service failed", thrown);
                }
            });
        }
    }

    private void start(RemoteTask<?> task, Runnable command) {
        if (task.unstarted.isCancelled()) {
            return;
        }
        TaskFuture<Object> future = send(task.task, task.work);
        task.started = future;
        if (command != task) {
            future.whenComplete((result, thrown) -> command.run()); // the wrapper, which only reports the end
        }
    }

    private void executeAsync(Runnable command) {
        AsyncWork.Packed packed;
        try {
            Set<ClassLoader> loaders = new HashSet<>();
            packed = AsyncWork.pack(command, loaders);
            classes.see(loaders);
        } catch (UnserializableException e) {
            throw refused(command, String.valueOf(e.getMessage()), e);
        }
        TaskFuture<Object> future;
        try {
            future = track(function.submitPacked(ValueBlock.serialized(packed.work())));
        } catch (IllegalStateException e) {
            throw new RejectedExecutionException(e.getMessage(), e);
        }
        future.whenComplete((result, thrown) -> {
            if (thrown == null) {
                packed.complete(result);
            } else {
                packed.completeExceptionally(ownException(thrown));
            }
        });
        // a stage that someone else completes, for instance by orTimeout, does not need the command any more
        packed.open().forEach(stage -> stage.whenComplete((result, thrown) -> future.cancel(true)));
    }

    private TaskFuture<Object> send(Object task, ExecutorWork work) {
        classes.see(task);
        try {
            return track(function.submit(work));
        } catch (IllegalArgumentException e) {
            throw refused(task, String.valueOf(e.getMessage()), e);
        } catch (IllegalStateException e) { // shut down meanwhile, or inside a task
            throw new RejectedExecutionException(e.getMessage(), e);
        }
    }

    private TaskFuture<Object> track(TaskFuture<Object> future) {
        pending.add(future);
        future.whenComplete((result, thrown) -> pending.remove(future));
        return future;
    }

    private static RejectedExecutionException refused(Object task, String message, Exception cause) {
        String advice = "";
        if (task instanceof CompletableFuture.AsynchronousCompletionTask) {
            advice = "; a lambda for supplyAsync is serializable as (Supplier<T> & Serializable) () -> ..., one for"
                    + " runAsync as (Runnable & Serializable) () -> ...";
        } else if (!(task instanceof Serializable)) {
            String type = task instanceof Callable ? "Callable<T>" : "Runnable";
            advice = "; a lambda is serializable as (" + type + " & Serializable) () -> ..., or without a cast when the"
                    + " executor service is declared as PoolExecutorService";
        }
        return new RejectedExecutionException(message + advice, cause);
    }

    // ---- the end ----

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
        return shutdown && function.end().getCount() == 0 && pending.stream().allMatch(CompletableFuture::isDone);
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long limit = unit.toNanos(timeout);
        long begin = System.nanoTime();
        if (!function.end().await(limit, TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            CompletableFuture.allOf(pending.toArray(new CompletableFuture<?>[0]))
                    .handle((nothing, thrown) -> null)
                    .get(Math.max(0, limit - (System.nanoTime() - begin)), TimeUnit.NANOSECONDS);
            return shutdown;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("handle() gives no exceptions", e);
        }
    }
}
