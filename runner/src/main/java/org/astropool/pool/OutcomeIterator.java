package org.astropool.pool;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.astropool.pool.PoolException.Reason;
import org.astropool.protocol.Serialization;
import org.astropool.task.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a call, for the one thread that takes them. That thread also reads the inputs, a bounded number ahead
 * of what it has taken: memory depends on that window, not on the number of tasks, and the user's iterator runs on the
 * user's thread.
 *
 * @param <R> type of the results
 */
final class OutcomeIterator<R> implements Iterator<Outcome<R>>, Call.Sink, AutoCloseable {
    private static final long PROGRESS_NANOS = 100_000_000;
    private static final long FIRST_WINDOW = 256;
    private static final long MIN_WINDOW = 4096;
    private static final int WINDOW_FACTOR = 4;

    /** Supplies inputs to the driver. */
    interface Feeder {

        /** Supplies tasks until {@code end} tasks were supplied in all, or the inputs have ended. */
        void feed(long end);

        /** How many tasks were supplied so far. */
        long fed();

        /** Whether there are no more inputs. */
        boolean isAtEnd();
    }

    private final Driver driver;
    private final int call;
    private final boolean ordered;
    private final ProgressListener listener;
    private final long total;
    private final Serialization serialization;
    private final Queue<OutcomeReader<R>> arrived = new ConcurrentLinkedQueue<>();
    private final Map<Long, OutcomeReader<R>> early = new HashMap<>();

    // written by the communication thread
    private volatile long wanted = FIRST_WINDOW;
    private volatile boolean ended;
    private volatile @Nullable PoolException failure;
    private volatile @Nullable Thread waiter;

    private @Nullable Feeder feeder;
    private @Nullable OutcomeReader<R> current;
    private long taken;
    private long failedTasks;
    private long nextIndex;
    private long lastProgressNanos = System.nanoTime();
    private boolean closed;

    OutcomeIterator(
            Driver driver, int call, boolean ordered, long total, ProgressListener listener, Serialization serialization) {
        this.driver = driver;
        this.call = call;
        this.ordered = ordered;
        this.total = total;
        this.listener = listener;
        this.serialization = serialization;
    }

    void feedFrom(Feeder inputs) {
        feeder = inputs;
    }

    // ---- the communication thread ----

    @Override
    public void arrived(Call.Arrival arrival) {
        arrived.add(new OutcomeReader<>(arrival, serialization));
        wake();
    }

    @Override
    public void wanted(long tasks) {
        if (tasks > wanted) {
            wanted = tasks;
        }
    }

    @Override
    public void ended() {
        ended = true;
        wake();
    }

    @Override
    public void failed(PoolException cause) {
        failure = cause;
        wake();
    }

    private void wake() {
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    // ---- the thread that takes the outcomes ----

    /**
     * Whether there is a further outcome; waits for it.
     *
     * @throws PoolException when the pool failed or was closed, or this thread was interrupted
     */
    @Override
    public boolean hasNext() {
        if (closed) {
            return false;
        }
        while (current == null || !current.hasNext()) {
            current = nextReader();
            if (current == null && isOver()) {
                report(true);
                return false;
            }
            if (current == null) {
                feed();
                await();
            }
        }
        return true;
    }

    @Override
    public Outcome<R> next() {
        if (!hasNext() || current == null) {
            throw new NoSuchElementException("all outcomes were taken");
        }
        Outcome<R> outcome = current.next();
        taken++;
        if (outcome instanceof Outcome.Failed) {
            failedTasks++;
        }
        if (!current.hasNext()) {
            feed();
            report(false);
        }
        return outcome;
    }

    /** Nobody wants the rest. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            driver.execute(() -> driver.cancel(call));
        }
    }

    private @Nullable OutcomeReader<R> nextReader() {
        for (OutcomeReader<R> reader = arrived.poll(); reader != null; reader = arrived.poll()) {
            if (!ordered) {
                return reader;
            }
            early.put(reader.firstTask(), reader);
        }
        OutcomeReader<R> next = early.remove(nextIndex);
        if (next != null) {
            nextIndex += next.count();
        }
        return next;
    }

    private boolean isOver() {
        return ended && arrived.isEmpty() && early.isEmpty();
    }

    private void feed() {
        Feeder inputs = java.util.Objects.requireNonNull(feeder);
        if (inputs.isAtEnd()) {
            return;
        }
        // Outcomes that wait to be taken count as well, else a slow reader or a slow first task would fill the memory.
        long window = Math.max(MIN_WINDOW, WINDOW_FACTOR * (wanted - taken) / WINDOW_FACTOR);
        long end = Math.min(wanted, taken + window);
        if (end > inputs.fed()) {
            try {
                inputs.feed(end);
            } catch (Throwable t) {
                close(); // the user's iterator threw: nothing of the call goes on
                throw t;
            }
        }
    }

    private void await() {
        waiter = Thread.currentThread();
        driver.beginWait();
        try {
            if (arrived.isEmpty() && !ended && failure == null) {
                LockSupport.parkNanos(this, PROGRESS_NANOS);
            }
        } finally {
            driver.endWait();
            waiter = null;
        }
        report(false);
        PoolException cause = failure;
        if (cause != null && arrived.isEmpty()) {
            throw new PoolException(cause.reason(), String.valueOf(cause.getMessage()), cause);
        }
        if (Thread.currentThread().isInterrupted()) { // left set: the caller decides
            close();
            throw new PoolException(Reason.CLOSED, "interrupted while waiting for outcomes; the rest was cancelled");
        }
    }

    private void report(boolean always) {
        long now = System.nanoTime();
        if (always || now - lastProgressNanos > PROGRESS_NANOS) {
            lastProgressNanos = now;
            listener.progress(new ProgressListener.Progress(taken, failedTasks, total));
        }
    }
}
