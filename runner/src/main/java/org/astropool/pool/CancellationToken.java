package org.astropool.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Ends calls before their end: a signal came, the time is up. Given to calls by {@link CallOptions#cancellation}; it
 * holds for all that have it, also for those that begin later. Thread-safe, and cannot be taken back.
 */
public final class CancellationToken {
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile long deadlineNanos = Long.MAX_VALUE;
    private volatile boolean abandoned;

    /** Nothing more is begun; what is being evaluated is awaited. */
    public void drain() {
        drainBy(Long.MIN_VALUE);
    }

    /** Nothing more is begun unless it should be over within this time, judged by what was measured. */
    public void drainWithin(Duration fromNow) {
        if (fromNow.compareTo(FOR_EVER) < 0) { // the clock would overflow
            drainBy(System.nanoTime() + fromNow.toNanos());
        }
    }

    private synchronized void drainBy(long nanos) {
        deadlineNanos = Math.min(deadlineNanos, nanos);
        listeners.forEach(Runnable::run);
    }

    /** What is being evaluated is not awaited either. */
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
     * By when all must be over, on the clock of {@link System#nanoTime}: {@code Long.MAX_VALUE} when nothing was asked
     * for, {@code Long.MIN_VALUE} after {@link #drain}.
     */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Has a listener called at every change, on the thread that makes it. */
    public void addListener(Runnable listener) {
        listeners.add(listener);
    }

    /** Removes a listener that was added. */
    public void removeListener(Runnable listener) {
        listeners.remove(listener);
    }
}
