package org.astropool.internal.scheduler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which worker evaluates which units. A pure state machine: {@link Event}s go in together with the time,
 * {@link Command}s come out. The same events give the same commands.
 *
 * <p>This class says what each event means for workers, calls and chunks. After each event the {@link Dispatcher} hands
 * out work. The {@link ChunkTracker} follows the chunks under way, and the {@link RetryQueue} decides what happens to
 * units whose chunk ended without a result for them.
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
    private final SchedulerOptions options;
    private final List<Command> commands = new ArrayList<>();
    private final List<Command> readOnlyCommands = Collections.unmodifiableList(commands);
    private final EventHandler handler = new EventHandler();
    private final WorkerRegistry workers;
    private final CallRegistry calls;
    private final RetryQueue retries;
    private final ChunkTracker chunks;
    private final Dispatcher dispatcher;

    public Scheduler() {
        this(SchedulerOptions.defaults());
    }

    public Scheduler(SchedulerOptions options) {
        this.options = options;
        this.workers = new WorkerRegistry(options);
        this.calls = new CallRegistry(options, commands);
        this.retries = new RetryQueue(commands);
        this.chunks = new ChunkTracker(options, workers, calls, retries, commands);
        this.dispatcher = new Dispatcher(workers, calls, retries, chunks, commands);
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
        dispatcher.handOut(nowNanos);
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
        int units = state.sizer.units(state.cursor(), state.remaining(), workers.slots(), calls.hasOne());
        long roundTrips = options.roundTripNanos() / Math.max(1, state.sizer.expectedNanos(state.cursor(), units));
        long chunksPerSlot = 1 + Math.max(1, Math.min(roundTrips, options.maxWaiting()));
        return (long) Math.max(1, workers.slots()) * units * chunksPerSlot;
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
        public void onWorkerStaying(Event.WorkerStaying event) {
            workerStaying(event.worker());
        }

        @Override
        public void onWorkerLost(Event.WorkerLost event) {
            workerLost(event.worker());
        }

        @Override
        public void onCallOpened(Event.CallOpened event) {
            calls.open(event.call(), event.policy());
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
            chunks.giveUpOverdueChunks(now);
        }
    }

    // Workers

    private void workerJoined(Event.WorkerJoined joined) {
        if (joined.worker() < 0 || joined.slots() < 1) {
            throw new IllegalArgumentException("Worker %d offers %d slots; at least worker 0 and 1 slot are needed"
                    .formatted(joined.worker(), joined.slots()));
        }
        if (workers.get(joined.worker()) != null) {
            throw new IllegalArgumentException("Worker %d has joined already".formatted(joined.worker()));
        }
        workers.add(new WorkerState(joined.worker(), joined.slots()));
    }

    private void workerLeaving(int number) {
        WorkerState worker = workers.get(number);
        if (worker != null && !worker.leaving) {
            workers.markLeaving(worker);
            for (Chunk chunk = worker.firstWaiting(); chunk != null; chunk = chunk.next) {
                if (!chunk.givenUp) {
                    commands.add(new Command.Recall(number, chunk.id));
                }
            }
        }
    }

    private void workerStaying(int number) {
        WorkerState worker = workers.get(number);
        if (worker != null && worker.leaving) {
            workers.markStaying(worker);
        }
    }

    private void workerLost(int number) {
        WorkerState worker = workers.get(number);
        if (worker == null) {
            return;
        }
        workers.remove(worker);
        boolean single = worker.begun() == 1;
        for (Chunk chunk = worker.first(); chunk != null; chunk = chunk.next) {
            if (!chunk.givenUp) {
                chunks.settle(chunk);
                worker.disown(chunk);
                if (chunk.begun) {
                    retries.addLost(chunk, single && chunk.count == 1);
                } else {
                    retries.addWithdrawn(chunk); // it has not been evaluated, so it cannot be the cause
                }
                calls.update(chunk.call);
            }
        }
    }

    // Calls

    private void withCall(int number, Consumer<CallState> change) {
        CallState call = calls.get(number);
        if (call != null) {
            change.accept(call);
            calls.update(call);
        }
    }

    /** The call ends at once. Its chunks still occupy their workers until these answer, which is ignored then. */
    private void callCancelled(int number) {
        CallState call = calls.remove(number);
        if (call == null) {
            return;
        }
        retries.dropLastChances(call);
        for (int worker = 0; worker < workers.byNumber().size() && call.underWay > 0; worker++) {
            withdrawAll(call, workers.get(worker));
        }
        commands.add(new Command.CallEnded(number));
    }

    private void withdrawAll(CallState call, @Nullable WorkerState worker) {
        for (Chunk chunk = worker == null ? null : worker.first(); chunk != null; chunk = chunk.next) {
            if (chunk.call == call && !chunk.givenUp) {
                chunks.withdraw(chunk);
            }
        }
    }

    private void callDraining(Event.CallDraining draining, long now) {
        CallState call = calls.get(draining.call());
        if (call != null) {
            dispatcher.drain(call, draining.lastEndNanos(), now);
        }
    }

    // Chunks

    private void chunkFinished(Event.ChunkFinished finished, long now) {
        WorkerState worker = workers.get(finished.worker());
        Chunk chunk = worker == null ? null : worker.find(finished.chunk());
        if (worker == null || chunk == null) {
            commands.add(new Command.Ignore(finished.worker(), finished.chunk()));
            return;
        }
        checkFailedUnits(chunk, finished.failedUnits());
        if (chunk.givenUp) {
            commands.add(new Command.Ignore(finished.worker(), finished.chunk()));
        } else {
            chunks.settle(chunk);
            chunk.call.sizer.measured(chunk.first, chunk.count, finished.busyNanos());
            long[] retried = retries.addFailed(chunk, finished.failedUnits());
            commands.add(new Command.Accept(chunk.id, chunk.call.number, chunk.first, chunk.count, retried));
        }
        free(worker, chunk, now);
    }

    private void chunkLost(Event.ChunkLost lost, long now) {
        WorkerState worker = workers.get(lost.worker());
        Chunk chunk = worker == null ? null : worker.find(lost.chunk());
        if (worker != null && chunk != null) {
            if (!chunk.givenUp) {
                chunks.settle(chunk);
                retries.addLost(chunk, chunk.count == 1);
            }
            free(worker, chunk, now);
        }
    }

    private void chunkReturned(Event.ChunkReturned returned, long now) {
        WorkerState worker = workers.get(returned.worker());
        Chunk chunk = worker == null ? null : worker.find(returned.chunk());
        if (worker != null && chunk != null) {
            if (!chunk.givenUp) {
                chunks.settle(chunk);
                retries.addReturned(chunk);
            }
            free(worker, chunk, now);
        }
    }

    private void chunkTooLarge(Event.ChunkTooLarge tooLarge, long now) {
        WorkerState worker = workers.get(tooLarge.worker());
        Chunk chunk = worker == null ? null : worker.find(tooLarge.chunk());
        if (worker == null || chunk == null) {
            return;
        }
        if (!chunk.givenUp) {
            chunks.settle(chunk);
            retries.addHalves(chunk);
        }
        free(worker, chunk, now);
    }

    /** A chunk has left its worker. */
    private void free(WorkerState worker, Chunk chunk, long now) {
        worker.remove(chunk);
        chunks.begin(worker, now);
        workers.update(worker);
        if (!chunk.givenUp) {
            calls.update(chunk.call);
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

    /**
     * For tests: counts everything again.
     *
     * @throws IllegalStateException if the scheduler contradicts itself
     */
    void checkInvariants() {
        new Invariants(
                        workers.present(),
                        calls.open(),
                        chunks.deadlines(),
                        retries.lastChances(),
                        workers.slots(),
                        workers.idle.freeSlots(),
                        workers.prefetch.recalls())
                .check();
    }
}
