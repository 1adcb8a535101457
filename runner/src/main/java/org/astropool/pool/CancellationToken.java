package org.astropool.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Ends calls before their end: a signal came, the time is up. Given to calls by {@link CallOptions#stop}; it holds for
 * all that have it, also for those that begin later. Thread-safe, and cannot be taken back.
 */
public final class CancellationToken {
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile long lastEndNanos = Long.MAX_VALUE;
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
        lastEndNanos = Math.min(lastEndNanos, nanos);
        listeners.forEach(Runnable::run);
    }

    /** What is being evaluated is not awaited either. */
    public synchronized void abandon() {
        abandoned = true;
        listeners.forEach(Runnable::run);
    }

    /** Whether {@link #drain} or {@link #abandon} was called. */
    public boolean isDraining() {
        return abandoned || lastEndNanos == Long.MIN_VALUE;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** {@code Long.MAX_VALUE} when nothing was asked for yet. */
    long lastEndNanos() {
        return lastEndNanos;
    }

    /** Has something called at every change; on the thread that changes it. */
    void listen(Runnable listener) {
        listeners.add(listener);
    }

    void forget(Runnable listener) {
        listeners.remove(listener);
    }
}
