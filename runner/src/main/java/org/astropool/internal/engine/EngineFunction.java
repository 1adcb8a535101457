package org.astropool.internal.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.pool.PoolException;
import org.astropool.pool.RemoteFunction;
import org.jspecify.annotations.Nullable;

/**
 * A function at the workers, and the futures of its tasks. Thread-safe.
 *
 * @param <A> type of the inputs
 * @param <R> type of the results
 */
final class EngineFunction<A, R> implements RemoteFunction<A, R> {
    private final Driver driver;
    private final int call;
    private final Serialization serialization;
    private final Map<Long, TaskFuture<R>> futures = new HashMap<>(); // of the communication thread
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;
    private @Nullable PoolException failure; // of the communication thread

    EngineFunction(Driver driver, int call, Serialization serialization) {
        this.driver = driver;
        this.call = call;
        this.serialization = serialization;
    }

    @Override
    public TaskFuture<R> submit(A input) {
        Submission submission = new Submission(false);
        submit(input, submission);
        return submission.future;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whenDone has what it would hold
    public Runnable submit(A input, BiConsumer<? super @Nullable R, ? super @Nullable Throwable> whenDone) {
        Submission submission = new Submission(true);
        submission.future.whenComplete((result, thrown) -> { // before it can be complete: else this thread would do it
            try {
                whenDone.accept(result, thrown);
            } catch (Throwable lost) { // as documented: a CompletableFuture would ask it for its message
                return;
            }
        });
        submit(input, submission);
        return () -> submission.future.cancel(true);
    }

    private void submit(A input, Submission submission) {
        submit(driver.pack("the input", input), submission);
    }

    /** As {@link #submit(Object)}, with the input packed. */
    TaskFuture<R> submitPacked(ValueBlock packed) {
        Submission submission = new Submission(false);
        submit(packed, submission);
        return submission.future;
    }

    private void submit(ValueBlock packed, Submission submission) {
        EnginePool.refuseInsideTask();
        if (closed) {
            throw new IllegalStateException("this function was closed");
        }
        driver.execute(() -> {
            boolean isOpen = driver.supply(call, packed, position -> {
                submission.position = position;
                futures.put(position, submission.future);
            });
            if (!isOpen) {
                submission.future.failed(whyNot());
            }
        });
    }

    private RuntimeException whyNot() {
        return failure != null ? failure : new CancellationException("not evaluated: its call was stopped before");
    }

    private final class Submission {
        final TaskFuture<R> future;
        /** Of the communication thread. */
        private long position = -1;

        Submission(boolean isAtOnce) {
            future = new TaskFuture<>(
                    driver, interrupt -> driver.execute(() -> driver.cancel(call, position, interrupt)), isAtOnce);
        }
    }

    Call.Sink sink() {
        return new Futures();
    }

    /** Hands outcomes to their futures, on the communication thread. */
    private final class Futures implements Call.Sink {

        @Override
        public void arrived(Call.Arrival arrival) {
            for (int i = 0; i < arrival.count(); i++) {
                TaskFuture<R> future = futures.remove(arrival.firstTask() + i);
                if (future != null) {
                    future.arrived(new OutcomeReader<>(arrival.only(i), serialization));
                }
            }
        }

        /** Those that are left have no outcome, since the call was stopped. */
        @Override
        public void ended() {
            failAll();
            ended.countDown();
        }

        @Override
        public void failed(PoolException cause) {
            failure = cause;
            failAll();
            ended.countDown();
        }

        private void failAll() {
            RuntimeException why = whyNot();
            futures.values().forEach(future -> future.failed(why));
            futures.clear();
        }
    }

    /** Reaches zero when the function was closed and no task is evaluated any more. */
    CountDownLatch end() {
        return ended;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            driver.execute(() -> driver.endOfInputs(call));
        }
    }
}
