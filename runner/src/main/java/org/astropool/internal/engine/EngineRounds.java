package org.astropool.internal.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.astropool.internal.protocol.NoResult;
import org.astropool.internal.protocol.Serialization;
import org.astropool.internal.protocol.UnserializableException;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.scheduler.CallerNumbering;
import org.astropool.pool.CallOptions;
import org.astropool.pool.PoolException;
import org.astropool.pool.PoolException.Reason;
import org.astropool.pool.ProgressListener;
import org.astropool.pool.TaskRounds;
import org.astropool.task.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Rounds of tasks whose function is at the workers. Thread-safe.
 *
 * @param <A> type of the inputs
 * @param <R> type of the results
 */
final class EngineRounds<A, R> implements TaskRounds<A, R> {
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Driver driver;
    private final int call;
    private final CallerNumbering numbers;
    private final Serialization serialization;
    private final EngineJournal.@Nullable Writer journal;
    private final ProgressListener listener;
    private final Map<Long, Round> rounds =
            new HashMap<>(); // by the numbers of tasks under way; of the communication thread
    private volatile long arrivedTasks; // as failedTasks written by the communication thread
    private volatile long failedTasks;
    private long lastProgressNanos = System.nanoTime();
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile @Nullable PoolException failure;

    /** Written by the communication thread, read by the one that waits when it is over. */
    private static final class Round {
        final Thread waiter = Thread.currentThread();
        final List<Call.Arrival> arrivals = new ArrayList<>();
        int missing;
        volatile boolean isOver;

        void end() {
            isOver = true;
            LockSupport.unpark(waiter);
        }
    }

    EngineRounds(Driver driver, int call, CallerNumbering numbers, CallOptions options, Serialization serialization) {
        this.driver = driver;
        this.call = call;
        this.numbers = numbers;
        this.serialization = serialization;
        this.journal = options.journal()
                .map(target -> new EngineJournal.Writer(target, driver, call))
                .orElse(null);
        this.listener = options.progress();
    }

    @Override
    public List<@Nullable Outcome<R>> evaluate(long[] taskNumbers, List<? extends A> inputs) {
        EnginePool.refuseInsideTask();
        if (closed) {
            throw new IllegalStateException("these rounds were closed");
        }
        if (taskNumbers.length != inputs.size()) {
            throw new IllegalArgumentException(taskNumbers.length + " numbers for " + inputs.size() + " inputs");
        }
        if (inputs.isEmpty()) {
            return List.of();
        }
        ValueBlock packed;
        try {
            packed = ValueBlock.pack(inputs);
        } catch (UnserializableException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        driver.refuseTooLarge("an input", packed.largestBytes());
        long[] copy = taskNumbers.clone();
        Round round = new Round();
        driver.execute(() -> begin(round, copy, packed));
        await(round);
        return outcomes(round, taskNumbers);
    }

    private void await(Round round) {
        while (!round.isOver) {
            driver.await(() -> round.isOver, PROGRESS_NANOS);
            report();
            if (Thread.currentThread().isInterrupted()) { // left set: the caller decides
                closed = true;
                driver.execute(() -> driver.cancel(call));
                throw new PoolException(Reason.CLOSED, "interrupted while waiting for a round of tasks");
            }
        }
        PoolException cause = failure;
        if (cause != null) {
            throw new PoolException(cause.reason(), String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Also while a round goes on; the number of all rounds is not known. */
    private synchronized void report() {
        long now = System.nanoTime();
        if (now - lastProgressNanos > PROGRESS_NANOS) {
            lastProgressNanos = now;
            listener.progress(new ProgressListener.Progress(arrivedTasks, failedTasks, -1));
        }
    }

    private List<@Nullable Outcome<R>> outcomes(Round round, long[] taskNumbers) {
        Map<Long, Outcome<R>> byNumber = new HashMap<>();
        for (Call.Arrival arrival : round.arrivals) {
            Outcome<R> outcome = new OutcomeReader<R>(arrival, serialization, journal != null).next();
            byNumber.put(outcome.index(), outcome);
        }
        List<@Nullable Outcome<R>> outcomes = new ArrayList<>(taskNumbers.length);
        for (long number : taskNumbers) {
            outcomes.add(byNumber.get(number));
        }
        return outcomes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            driver.execute(() -> driver.endOfInputs(call));
        }
    }

    // ---- the communication thread ----

    private void begin(Round round, long[] taskNumbers, ValueBlock inputs) {
        if (ended || failure != null) {
            round.end();
            return;
        }
        round.missing = taskNumbers.length;
        for (long number : taskNumbers) {
            rounds.put(number, round);
        }
        numbers.add(taskNumbers);
        if (!driver.supply(call, inputs, position -> {})) { // the pool is closed
            failure = new PoolException(Reason.CLOSED, "the pool is closed");
            endAll();
        }
    }

    private void endAll() {
        rounds.values().forEach(Round::end);
        rounds.clear();
    }

    Call.Sink sink() {
        return new Collector();
    }

    private final class Collector implements Call.Sink {

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
        public void arrived(Call.Arrival arrival) {
            arrivedTasks += arrival.count();
            failedTasks += failures(arrival);
            if (journal != null) {
                journal.append(arrival);
            }
            for (int i = 0; i < arrival.count(); i++) {
                Round round = rounds.remove(arrival.firstTask() + i);
                if (round != null) {
                    round.arrivals.add(arrival.only(i));
                    if (--round.missing == 0) {
                        round.end();
                    }
                }
            }
            if (rounds.isEmpty()) {
                numbers.forget();
            }
        }

        private static long failures(Call.Arrival arrival) {
            long failures = 0;
            for (int i = arrival.from(); i < arrival.to(); i++) {
                if (arrival.outcomes().missing(i) instanceof NoResult.Failed) {
                    failures++;
                }
            }
            return failures;
        }

        @Override
        public void ended() {
            ended = true;
            endAll();
        }

        @Override
        public void failed(PoolException cause) {
            failure = cause;
            endAll();
        }
    }
}
