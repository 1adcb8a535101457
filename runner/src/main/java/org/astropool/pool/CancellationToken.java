package org.astropool.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Ends calls early, for instance after a signal or at a time limit. Passed to calls with
 * {@link CallOptions#cancellation}; applies to all calls that have it, including those that begin later. Cannot be
 * undone. Thread-safe.
 */
public final class CancellationToken {
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile long deadlineNanos = Long.MAX_VALUE;
    private volatile boolean abandoned;

    /** Starts no more tasks, and waits for those that are being evaluated. */
    public void drain() {
        drainBy(Long.MIN_VALUE);
    }

    /** Starts no more tasks except those that are expected, by the measured durations, to finish within this time. */
    public void drainWithin(Duration fromNow) {
        if (fromNow.compareTo(FOR_EVER) < 0) { // the clock would overflow
            drainBy(System.nanoTime() + fromNow.toNanos());
        }
    }

    private synchronized void drainBy(long nanos) {
        deadlineNanos = Math.min(deadlineNanos, nanos);
        listeners.forEach(Runnable::run);
    }

    /** Does not wait for the tasks that are being evaluated either, and interrupts them. */
    public synchronized void abandon() {
        abandoned = true;
        listeners.forEach(Runnable::run);
    }

    /** Whether {@link #drain} or {@link #abandon} was called. */
    public boolean isDraining() {
        return abandoned || deadlineNanos == Long.MIN_VALUE;
    }

    /** Whether {@link #abandon} was called. */
    public boolean isAbandoned() {
        return abandoned;
    }

    /**
     * The time by which all tasks must have finished, on the clock of {@link System#nanoTime}: {@code Long.MAX_VALUE}
     * for no limit, {@code Long.MIN_VALUE} after {@link #drain}.
     */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Adds a listener that is called at every change, by the thread that makes it. */
    public void addListener(Runnable listener) {
        listeners.add(listener);
    }

    /** Removes a listener that was added. */
    public void removeListener(Runnable listener) {
        listeners.remove(listener);
    }
}
