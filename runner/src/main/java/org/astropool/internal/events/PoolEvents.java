package org.astropool.internal.events;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.astropool.pool.PoolListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener of a pool, on a thread of its own, so that a listener that blocks or throws is no harm to the
 * pool. The thread ends when there is nothing to report. Thread-safe.
 */
public final class PoolEvents {
    private static final Logger LOG = LoggerFactory.getLogger(PoolEvents.class);
    private static final int MOST_WAITING = 10_000;
    private static final long IDLE_SECONDS = 5;

    private final PoolListener listener;
    private final AtomicLong dropped = new AtomicLong();
    private final ThreadPoolExecutor thread;

    public PoolEvents(PoolListener listener) {
        this.listener = listener;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                work -> {
                    Thread made = new Thread(work, "astropool-events");
                    made.setDaemon(true);
                    return made;
                },
                (work, executor) -> drop());
        thread.allowCoreThreadTimeOut(true);
    }

    private void drop() {
        if (dropped.getAndIncrement() == 0) {
            LOG.warn(
                    "the listener {} of a pool blocks: {} events wait for it, further ones are dropped",
                    listener.getClass().getName(),
                    MOST_WAITING);
        }
    }

    /** Whether there is a listener at all. */
    public boolean isHeard() {
        return listener != PoolListener.NONE;
    }

    /** Reports an event. Does not wait. */
    public void report(Consumer<PoolListener> event) {
        if (!isHeard()) {
            return;
        }
        thread.execute(() -> {
            try {
                event.accept(listener);
            } catch (Throwable t) { // of the user
                LOG.warn(
                        "the listener {} of a pool has thrown",
                        listener.getClass().getName(),
                        t);
            }
        });
    }
}
