package org.astropool.internal.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which worker evaluates which units. A pure state machine: {@link Event}s go in together with the time,
 * {@link Command}s come out. The same events give the same commands.
 *
 * <p><b>Exactly-once completion from at-least-once execution.</b> Units travel in chunks, and a chunk is one execution:
 * its id is never used again. Its answer counts only if the chunk was not given up before; otherwise the answer is
 * ignored, because the units may have been handed out again. So a unit becomes final once: by the one accepted answer
 * without a retry, by quarantine, by expiry, or with its call.
 *
 * <p><b>Chunk sizes</b> follow the measured durations: long enough that handing out costs little, short enough that
 * workers finish together, and one unit at a time near the end ({@link ChunkSizer}).
 *
 * <p><b>Credit.</b> A worker should have its next chunk before it has finished the last, or a round trip is lost. So a
 * worker always gets work for about one round trip, however short the chunks are. Longer chunks are sent ahead only one
 * a slot, only if a round trip is a noticeable part of their time ({@link IdleWorkers}), and not the very last ones
 * ({@link ChunkSizer#isPlenty}). A chunk that waits behind a long one while a slot elsewhere is idle is taken back for
 * that slot ({@link Prefetch}).
 *
 * <p><b>Fairness.</b> Slots are shared, not chunks or time: the call with the fewest slots is served first
 * ({@link ReadyCalls}). A slot counts for the call of the chunk that was sent for it last ({@link WorkerState}). If no
 * chunk of the call to be served next should be sent ahead, nothing is sent: a slot becomes free soon and is then given
 * to that call.
 *
 * <p><b>Lost workers.</b> It is not known which of the units that a worker was evaluating has killed it. All of those
 * are suspects, units that waited there are not; all are handed out again one by one. If one more loss would be the
 * last, a worker has at most one such unit at a time. A unit is quarantined only after it was lost as a suspect, or
 * alone at its worker: so harmless units survive.
 *
 * <p><b>Ending early.</b> A call that is drained begins no unit that is not expected to end in time, and ends when its
 * chunks under way have been answered: the caller learns from the units without an answer that the call is incomplete.
 *
 * <p><b>Memory</b> is bounded by the chunks under way and the units to be retried. Units are handed out in their order
 * by a cursor: those before it are under way, final, or in a queue of retries.
 *
 * <p>Each event costs constant time, except for adding up the known costs of the units of a chunk, the sorted set of
 * the calls that have work (a logarithm), the sorted set of deadlines, an answer that overtakes others of its worker,
 * and cancelling a call, which visits all chunks under way.
 *
 * <p>Not thread-safe: one thread uses it.
 */
public final class Scheduler {
    private static final long[] NO_UNITS = {};

    private final SchedulerOptions options;
    private final List<@Nullable WorkerState> workers = new ArrayList<>();
    private final Map<Integer, CallState> calls = new HashMap<>();
    private final IdleWorkers idleWorkers;
    private final Prefetch prefetch;
    private final ReadyCalls ready = new ReadyCalls();
    private final Deque<UnitHistory> lastChances = new ArrayDeque<>();
    private final TreeSet<Chunk> deadlines = new TreeSet<>(
            Comparator.<Chunk>comparingLong(chunk -> chunk.deadline).thenComparingLong(chunk -> chunk.id));
    private final List<Command> commands = new ArrayList<>();
    private final List<Command> readOnlyCommands = Collections.unmodifiableList(commands);
    private final EventHandler handler = new EventHandler();

    /** Of the workers that are not leaving. */
    private int slots;

    private long chunksSent;
    private long turns;

    public Scheduler() {
        this(SchedulerOptions.defaults());
    }

    public Scheduler(SchedulerOptions options) {
        this.options = options;
        this.idleWorkers = new IdleWorkers(options);
        this.prefetch = new Prefetch(options);
    }

    /**
     * Processes an event.
     *
     * <p>Events about workers, calls and chunks that do not exist any more are legal, because messages cross, and have
     * no effect.
     *
     * @param nowNanos the time of a clock that never goes back
     * @return what is to be done, in this order; valid until the next call of this method, which uses the list again
     * @throws IllegalArgumentException if a worker or call number is in use, a worker's number is negative, it has no
     *     slots, the available units shrink or exceed the total, or units failed that are not in their chunk; nothing
     *     has changed then
     */
    public List<Command> on(Event event, long nowNanos) {
        commands.clear();
        handler.now = nowNanos;
        event.accept(handler);
        handOut(nowNanos);
        return readOnlyCommands;
    }

    /**
     * How many units beyond those handed out a call should have available, so that no worker waits for units and the
     * consumer does not read its iterator much further than needed. 0 for a call that has no more units, or has ended.
     */
    public long demand(int call) {
        CallState state = calls.get(call);
        if (state == null || state.isComplete()) {
            return 0;
        }
        int units = state.sizer.units(state.cursor(), state.remaining(), slots, calls.size() == 1);
        long roundTrips = options.roundTripNanos() / Math.max(1, state.sizer.expectedNanos(state.cursor(), units));
        long chunksPerSlot = 1 + Math.max(1, Math.min(roundTrips, options.maxWaiting()));
        return (long) Math.max(1, slots) * units * chunksPerSlot;
    }

    /** Not the scheduler itself, so that events come in through {@link #on} alone, which hands out work after each. */
    private final class EventHandler implements Event.Handler {
        private long now;

        @Override
        public void onWorkerJoined(Event.WorkerJoined event) {
            workerJoined(event);
        }

        @Override
        public void onWorkerLeaving(Event.WorkerLeaving event) {
            workerLeaving(event.worker());
        }

        @Override
        public void onWorkerLost(Event.WorkerLost event) {
            workerLost(event.worker());
        }

        @Override
        public void onCallOpened(Event.CallOpened event) {
            callOpened(event);
        }

        @Override
        public void onUnitsAvailable(Event.UnitsAvailable event) {
            withCall(event.call(), call -> call.makeAvailable(event.end()));
        }

        @Override
        public void onUnitsEnded(Event.UnitsEnded event) {
            withCall(event.call(), CallState::complete);
        }

        @Override
        public void onCallCancelled(Event.CallCancelled event) {
            callCancelled(event.call());
        }

        @Override
        public void onChunkFinished(Event.ChunkFinished event) {
            chunkFinished(event, now);
        }

        @Override
        public void onChunkLost(Event.ChunkLost event) {
            chunkLost(event, now);
        }

        @Override
        public void onChunkReturned(Event.ChunkReturned event) {
            chunkReturned(event, now);
        }

        @Override
        public void onChunkTooLarge(Event.ChunkTooLarge event) {
            chunkTooLarge(event, now);
        }

        @Override
        public void onCallDraining(Event.CallDraining event) {
            callDraining(event, now);
        }

        @Override
        public void onTick(Event.Tick event) {
            giveUpOverdueChunks(now);
        }
    }

    // Workers

    private void workerJoined(Event.WorkerJoined joined) {
        if (joined.worker() < 0 || joined.slots() < 1) {
            throw new IllegalArgumentException("Worker %d offers %d slots; at least worker 0 and 1 slot are needed"
                    .formatted(joined.worker(), joined.slots()));
        }
        if (worker(joined.worker()) != null) {
            throw new IllegalArgumentException("Worker %d has joined already".formatted(joined.worker()));
        }
        WorkerState worker = new WorkerState(joined.worker(), joined.slots());
        while (workers.size() <= worker.number) {
            workers.add(null);
        }
        workers.set(worker.number, worker);
        slots += worker.slots;
        changed(worker);
    }

    private void workerLeaving(int number) {
        WorkerState worker = worker(number);
        if (worker != null && !worker.leaving) {
            worker.leaving = true;
            slots -= worker.slots;
            removed(worker);
            for (Chunk chunk = worker.firstWaiting(); chunk != null; chunk = chunk.next) {
                if (!chunk.givenUp) {
                    commands.add(new Command.Recall(number, chunk.id));
                }
            }
        }
    }

    private void workerLost(int number) {
        WorkerState worker = worker(number);
        if (worker == null) {
            return;
        }
        workers.set(number, null);
        if (!worker.leaving) {
            slots -= worker.slots;
        }
        removed(worker);
        boolean single = worker.begun() == 1;
        for (Chunk chunk = worker.first(); chunk != null; chunk = chunk.next) {
            if (!chunk.givenUp) {
                settle(chunk);
                worker.disown(chunk);
                if (chunk.begun) {
                    requeueLost(chunk, single && chunk.count == 1);
                } else {
                    requeueWithdrawn(chunk); // it has not been evaluated, so it cannot be the cause
                }
                changed(chunk.call);
            }
        }
    }

    /** To be called after each change of a worker. */
    private void changed(WorkerState worker) {
        idleWorkers.update(worker);
        prefetch.update(worker);
    }

    private void removed(WorkerState worker) {
        idleWorkers.remove(worker);
        prefetch.remove(worker);
    }

    private @Nullable WorkerState worker(int number) {
        return number >= 0 && number < workers.size() ? workers.get(number) : null;
    }

    private void requeueLost(Chunk chunk, boolean alone) {
        for (long unit = chunk.first; unit < chunk.first + chunk.count; unit++) {
            UnitHistory before = UnitHistory.before(chunk, unit);
            UnitHistory history = before.lost();
            boolean surelyGuilty = alone || before.isSuspect();
            if (surelyGuilty && history.losses() >= chunk.call.policy.maxLosses()) {
                commands.add(new Command.Quarantine(chunk.call.number, unit, history.losses()));
            } else {
                requeue(history);
            }
        }
    }

    // Calls

    private void callOpened(Event.CallOpened opened) {
        CallState call = new CallState(opened.call(), opened.policy(), options, ++turns);
        if (calls.putIfAbsent(opened.call(), call) != null) {
            throw new IllegalArgumentException("Call %d is open already".formatted(opened.call()));
        }
        changed(call);
    }

    private void withCall(int number, Consumer<CallState> change) {
        CallState call = calls.get(number);
        if (call != null) {
            change.accept(call);
            changed(call);
        }
    }

    /** The call ends at once. Its chunks still occupy their workers until these answer, which is ignored then. */
    private void callCancelled(int number) {
        CallState call = calls.remove(number);
        if (call == null) {
            return;
        }
        if (call.lastChances > 0) {
            lastChances.removeIf(history -> history.call() == call);
        }
        for (int worker = 0; worker < workers.size() && call.underWay > 0; worker++) {
            withdrawAll(call, workers.get(worker));
        }
        ready.remove(call);
        commands.add(new Command.CallEnded(number));
    }

    private void withdrawAll(CallState call, @Nullable WorkerState worker) {
        for (Chunk chunk = worker == null ? null : worker.first(); chunk != null; chunk = chunk.next) {
            if (chunk.call == call && !chunk.givenUp) {
                withdraw(chunk);
            }
        }
    }

    private void callDraining(Event.CallDraining draining, long now) {
        CallState call = calls.get(draining.call());
        if (call == null) {
            return;
        }
        call.drain(draining.lastEndNanos());
        if (!call.mayBegin(now)) {
            beginNothing(call);
        }
    }

    /**
     * Units that wait, at a worker or for one, are dropped; those being evaluated are awaited. Only the worker knows
     * which of its chunks have begun, so chunks that seem to wait are recalled, and answered in full if they have
     * begun.
     */
    private void beginNothing(CallState call) {
        call.beginNothing();
        if (call.lastChances > 0) {
            lastChances.removeIf(history -> history.call() == call);
            call.lastChances = 0;
        }
        for (WorkerState worker : workers) {
            for (Chunk chunk = worker == null ? null : worker.firstWaiting(); chunk != null; chunk = chunk.next) {
                if (chunk.call == call && !chunk.givenUp) {
                    commands.add(new Command.Recall(worker.number, chunk.id));
                }
            }
        }
        changed(call);
    }

    /**
     * To be called after each change of a call: moves it to its place among the others, and ends it when it is done.
     */
    private void changed(CallState call) {
        if (calls.get(call.number) != call) {
            return;
        }
        ready.update(call);
        if (call.isDone()) {
            calls.remove(call.number);
            commands.add(new Command.CallEnded(call.number));
        }
    }

    // Chunks

    private void chunkFinished(Event.ChunkFinished finished, long now) {
        WorkerState worker = worker(finished.worker());
        Chunk chunk = worker == null ? null : worker.find(finished.chunk());
        if (worker == null || chunk == null) {
            commands.add(new Command.Ignore(finished.worker(), finished.chunk()));
            return;
        }
        checkFailedUnits(chunk, finished.failedUnits());
        if (chunk.givenUp) {
            commands.add(new Command.Ignore(finished.worker(), finished.chunk()));
        } else {
            settle(chunk);
            chunk.call.sizer.measured(chunk.first, chunk.count, finished.busyNanos());
            long[] retried = requeueFailed(chunk, finished.failedUnits());
            commands.add(new Command.Accept(chunk.id, chunk.call.number, chunk.first, chunk.count, retried));
        }
        free(worker, chunk, now);
    }

    private void chunkLost(Event.ChunkLost lost, long now) {
        WorkerState worker = worker(lost.worker());
        Chunk chunk = worker == null ? null : worker.find(lost.chunk());
        if (worker != null && chunk != null) {
            if (!chunk.givenUp) {
                settle(chunk);
                requeueLost(chunk, chunk.count == 1);
            }
            free(worker, chunk, now);
        }
    }

    private void chunkReturned(Event.ChunkReturned returned, long now) {
        WorkerState worker = worker(returned.worker());
        Chunk chunk = worker == null ? null : worker.find(returned.chunk());
        if (worker != null && chunk != null) {
            if (!chunk.givenUp) {
                settle(chunk);
                requeueReturned(chunk);
            }
            free(worker, chunk, now);
        }
    }

    private void chunkTooLarge(Event.ChunkTooLarge tooLarge, long now) {
        WorkerState worker = worker(tooLarge.worker());
        Chunk chunk = worker == null ? null : worker.find(tooLarge.chunk());
        if (worker == null || chunk == null) {
            return;
        }
        if (!chunk.givenUp) {
            settle(chunk);
            if (!chunk.call.beginsNothing()) {
                int half = chunk.count / 2;
                chunk.call.giveBack(new UnitRange(chunk.first, half));
                chunk.call.giveBack(new UnitRange(chunk.first + half, chunk.count - half));
            }
        }
        free(worker, chunk, now);
    }

    /** A chunk has left its worker. */
    private void free(WorkerState worker, Chunk chunk, long now) {
        worker.remove(chunk);
        beginChunks(worker, now);
        changed(worker);
        if (!chunk.givenUp) {
            changed(chunk.call);
        }
    }

    private static void checkFailedUnits(Chunk chunk, long[] failedUnits) {
        long last = chunk.first - 1;
        for (long unit : failedUnits) {
            if (!chunk.contains(unit) || unit <= last) {
                throw new IllegalArgumentException(
                        "Worker %d reports unit %d as failed in chunk %d, which has units %d to %d, each once and ascending"
                                .formatted(
                                        chunk.worker.number,
                                        unit,
                                        chunk.id,
                                        chunk.first,
                                        chunk.first + chunk.count - 1));
            }
            last = unit;
        }
    }

    private long[] requeueFailed(Chunk chunk, long[] failedUnits) {
        if (failedUnits.length == 0) {
            return NO_UNITS;
        }
        long[] retried = new long[failedUnits.length];
        int count = 0;
        for (long unit : failedUnits) {
            UnitHistory history = UnitHistory.before(chunk, unit).failed();
            if (history.mayTryAgain()) {
                retried[count++] = unit;
                requeue(history);
            }
        }
        return Arrays.copyOf(retried, count);
    }

    private void requeue(UnitHistory history) {
        if (history.call().beginsNothing()) {
            return; // it remains without an outcome
        }
        if (history.isOnLastChance()) {
            history.call().lastChances++;
            lastChances.add(history);
        } else {
            history.call().retry(history);
        }
    }

    /** The fate of this execution is decided: it is answered, lost or given up. */
    private void settle(Chunk chunk) {
        chunk.call.underWay--;
        prefetch.settled(chunk);
        if (chunk.hasDeadline()) {
            deadlines.remove(chunk);
        }
    }

    private void withdraw(Chunk chunk) {
        settle(chunk);
        chunk.givenUp = true;
        chunk.worker.disown(chunk);
        chunk.worker.givenUp++;
        changed(chunk.worker);
        commands.add(new Command.Withdraw(chunk.worker.number, chunk.id));
    }

    // Deadlines

    private void giveUpOverdueChunks(long now) {
        while (!deadlines.isEmpty() && deadlines.first().deadline <= now) {
            giveUpOverdue(deadlines.first());
        }
    }

    private void giveUpOverdue(Chunk chunk) {
        withdraw(chunk);
        if (chunk.count == 1) {
            commands.add(new Command.Expire(chunk.call.number, chunk.first, chunk.attempt()));
        } else {
            requeueWithdrawn(chunk);
        }
        changed(chunk.call);
        // Its slot may hang for ever, and chunks that wait behind it have no deadline before they begin.
        for (Chunk waiting = chunk.worker.firstWaiting(); waiting != null; waiting = waiting.next) {
            if (!waiting.givenUp) {
                withdraw(waiting);
                requeueWithdrawn(waiting);
                changed(waiting.call);
            }
        }
    }

    private void requeueWithdrawn(Chunk chunk) {
        for (long unit = chunk.first; unit < chunk.first + chunk.count; unit++) {
            requeue(UnitHistory.before(chunk, unit).withdrawn());
        }
    }

    /** It never began, so this does not count as an attempt. */
    private void requeueReturned(Chunk chunk) {
        if (chunk.history != null) {
            requeue(chunk.history);
        } else if (!chunk.call.beginsNothing()) {
            chunk.call.giveBack(new UnitRange(chunk.first, chunk.count));
        }
    }

    private void beginChunks(WorkerState worker, long now) {
        for (Chunk chunk = worker.begin(); chunk != null; chunk = worker.begin()) {
            if (chunk.hasDeadline() && !chunk.givenUp) {
                chunk.deadline = now + allowedNanos(chunk);
                deadlines.add(chunk);
            }
        }
    }

    private long allowedNanos(Chunk chunk) {
        double nanos = (double) chunk.count * chunk.call.policy.unitTimeoutNanos() + options.deadlineSlackNanos();
        return (long) Math.min(nanos, 0.25 * Long.MAX_VALUE);
    }

    // Handing out

    private void handOut(long now) {
        handOutLastChances(now);
        for (WorkerState worker = idleWorkers.first(); worker != null; worker = idleWorkers.first()) {
            CallState call = ready.next(worker.nextToYield());
            if (call == null || (IdleWorkers.isAhead(worker) && !call.hasPlenty(slots))) {
                break;
            }
            if (!call.mayBegin(now + (worker.hasFreeSlot() ? 0 : (long) worker.expectedNanosPerSlot()))) {
                if (!worker.hasFreeSlot()) {
                    break; // a slot that becomes free earlier may begin it
                }
                beginNothing(call);
                continue;
            }
            send(worker, call, now);
        }
        recallForIdleSlots();
    }

    private void send(WorkerState worker, CallState call, long now) {
        UnitHistory retry = call.nextRetry();
        if (retry != null) {
            sendAgain(worker, retry, now);
            return;
        }
        UnitRange returned = call.nextReturned();
        if (returned != null) {
            send(worker, call, returned.first(), returned.count(), null, now);
            return;
        }
        long first = call.cursor();
        send(worker, call, first, call.takeFresh(slots, calls.size() == 1), null, now);
    }

    private void recallForIdleSlots() {
        while (ready.isEmpty() && idleWorkers.freeSlots() > prefetch.recalls()) {
            Chunk chunk = prefetch.recall();
            if (chunk == null) {
                return;
            }
            commands.add(new Command.Recall(chunk.worker.number, chunk.id));
        }
    }

    private void handOutLastChances(long now) {
        while (!lastChances.isEmpty()) {
            WorkerState worker = idleWorkers.first(candidate -> !candidate.hasLastChance);
            if (worker == null) {
                return;
            }
            UnitHistory history = lastChances.remove();
            history.call().lastChances--;
            sendAgain(worker, history, now);
        }
    }

    private void sendAgain(WorkerState worker, UnitHistory history, long now) {
        send(worker, history.call(), history.unit(), 1, history, now);
    }

    private void send(
            WorkerState worker, CallState call, long first, int count, @Nullable UnitHistory history, long now) {
        Chunk chunk =
                new Chunk(++chunksSent, worker, call, first, count, history, call.sizer.expectedNanos(first, count));
        CallState yielding = worker.nextToYield();
        worker.add(chunk);
        beginChunks(worker, now);
        changed(worker);
        call.underWay++;
        call.turn = ++turns;
        ready.update(call);
        if (yielding != null) {
            ready.update(yielding);
        }
        commands.add(new Command.Send(worker.number, chunk.id, call.number, first, count, chunk.attempt()));
    }

    /**
     * For tests: counts everything again.
     *
     * @throws IllegalStateException if the scheduler contradicts itself
     */
    void checkInvariants() {
        new Invariants(
                        workers.stream().filter(Objects::nonNull).toList(),
                        calls.values(),
                        deadlines,
                        lastChances,
                        slots,
                        idleWorkers.freeSlots(),
                        prefetch.recalls())
                .check();
    }
}
