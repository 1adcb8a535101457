package org.astropool.internal.engine;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.astropool.internal.protocol.Serialization;
import org.astropool.pool.CallOptions;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.pool.ProgressListener;
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
    private static final long FIRST_WINDOW = 16;
    private static final long MIN_WINDOW = 4096;
    /** Outcomes not taken yet and tasks under way together, relative to tasks under way. */
    private static final long WINDOW_FACTOR = 4;
    /** Which part of the heap inputs and outcomes of one call may fill. */
    private static final long HEAP_PART = 8;
    /** Bytes of outcomes that wait for the journal. */
    private static final long MAX_BACKLOG = 64 << 20;

    /** Supplies inputs to the driver. */
    interface Feeder {

        /** Supplies tasks until {@code end} tasks were supplied in all, or the inputs have ended. */
        void feed(long end);

        /** How many tasks were supplied so far. */
        long fed();

        /** How many bytes their inputs have, packed. */
        long fedBytes();

        /** Whether there are no more inputs. */
        boolean isAtEnd();
    }

    private final Driver driver;
    private final int call;
    private final boolean ordered;
    private final ProgressListener listener;
    private final EngineJournal.@Nullable Writer journal;
    private final long total;
    private final Serialization serialization;
    private final Queue<OutcomeReader<R>> arrived = new ConcurrentLinkedQueue<>();
    private final Map<Long, OutcomeReader<R>> early = new HashMap<>();

    // written by the communication thread
    private volatile long wanted = FIRST_WINDOW;
    private volatile long arrivedTasks;
    private volatile long arrivedBytes;
    private volatile boolean ended;
    private volatile @Nullable PoolException failure;
    private volatile @Nullable Thread waiter;

    private volatile boolean hungry;
    private @Nullable Feeder feeder;
    private @Nullable OutcomeReader<R> current;
    private long taken;
    private long failedTasks;
    private long nextIndex;
    private long lastProgressNanos = System.nanoTime();
    private boolean closed;

    OutcomeIterator(Driver driver, int call, CallOptions options, long total, Serialization serialization) {
        this.driver = driver;
        this.call = call;
        this.ordered = options.ordered();
        this.total = total;
        this.listener = options.progress();
        this.journal = options.journal()
                .map(target -> new EngineJournal.Writer(target, driver, call))
                .orElse(null);
        this.serialization = serialization;
    }

    void feedFrom(Feeder inputs) {
        feeder = inputs;
    }

    // ---- the communication thread ----

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
    public void arrived(Call.Arrival arrival) {
        arrivedTasks += arrival.count();
        arrivedBytes += arrival.bytes();
        if (journal != null) {
            journal.append(arrival);
        }
        arrived.add(new OutcomeReader<>(arrival, serialization, journal != null));
    }

    @Override
    public void turnEnded(long wantedTasks) {
        boolean more = wantedTasks > wanted;
        if (more) {
            wanted = wantedTasks;
        }
        if ((more && hungry) || !arrived.isEmpty()) {
            wake(); // once a turn, however many answers it brought
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
                throwFailure(); // a call that failed has ended, too
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
        boolean isAll = ended; // before looking, so that nothing can arrive behind it
        for (OutcomeReader<R> reader = arrived.poll(); reader != null; reader = arrived.poll()) {
            if (!ordered) {
                return reader;
            }
            early.put(reader.firstTask(), reader);
        }
        OutcomeReader<R> next = early.remove(nextIndex);
        if (next == null && isAll && !early.isEmpty()) {
            next = early.remove(
                    Collections.min(early.keySet())); // those before it were not begun: the call was stopped
        }
        if (next != null) {
            nextIndex = next.firstTask() + next.count();
        }
        return next;
    }

    private boolean isOver() {
        return ended && arrived.isEmpty() && early.isEmpty();
    }

    private void feed() {
        Feeder inputs = java.util.Objects.requireNonNull(feeder);
        if (mayFeed()) {
            try {
                inputs.feed(Math.min(wanted, taken + window(inputs)));
            } catch (Throwable t) {
                close(); // the user's iterator threw: nothing of the call goes on
                throw t;
            }
        }
    }

    /** How many tasks may be supplied beyond those whose outcome was taken, lest a slow reader fills the memory. */
    private long window(Feeder inputs) {
        long arrivedNow = arrivedTasks;
        long window = Math.max(MIN_WINDOW, WINDOW_FACTOR * (wanted - arrivedNow));
        long bytesPerTask = inputs.fedBytes() / Math.max(1, inputs.fed()) + arrivedBytes / Math.max(1, arrivedNow) + 1;
        return Math.min(window, Math.max(FIRST_WINDOW, Runtime.getRuntime().maxMemory() / HEAP_PART / bytesPerTask));
    }

    private void await() {
        hungry = feeder != null && !feeder.isAtEnd();
        waiter = Thread.currentThread();
        if (!hasNews()) {
            driver.await(this::hasNews, PROGRESS_NANOS);
        }
        waiter = null;
        report(false);
        throwFailure();
        if (Thread.currentThread().isInterrupted()) { // left set: the caller decides
            close();
            throw new PoolException(Reason.CLOSED, "interrupted while waiting for outcomes; the rest was cancelled");
        }
    }

    private boolean hasNews() {
        return !arrived.isEmpty() || ended || failure != null || mayFeed();
    }

    private void throwFailure() {
        PoolException cause = failure;
        if (cause != null && arrived.isEmpty()) {
            throw new PoolException(cause.reason(), String.valueOf(cause.getMessage()), cause);
        }
    }

    private boolean mayFeed() {
        Feeder inputs = feeder;
        if (journal != null && journal.backlogBytes() > MAX_BACKLOG) {
            return false; // the disk is slower than the workers
        }
        return inputs != null && !inputs.isAtEnd() && Math.min(wanted, taken + window(inputs)) > inputs.fed();
    }

    private void report(boolean always) {
        long now = System.nanoTime();
        if (always || now - lastProgressNanos > PROGRESS_NANOS) {
            lastProgressNanos = now;
            listener.progress(new ProgressListener.Progress(taken, failedTasks, total));
        }
    }
}
