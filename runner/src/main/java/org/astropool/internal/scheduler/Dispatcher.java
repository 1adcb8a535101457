package org.astropool.internal.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands out units to workers that can use them, recalls chunks for slots that would be idle, and stops handing out the
 * units of a call that is drained.
 */
final class Dispatcher {
    private final WorkerRegistry workers;
    private final CallRegistry calls;
    private final RetryQueue retries;
    private final ChunkTracker chunks;
    private final List<Command> commands;

    private long chunksSent;

    Dispatcher(
            WorkerRegistry workers,
            CallRegistry calls,
            RetryQueue retries,
            ChunkTracker chunks,
            List<Command> commands) {
        this.workers = workers;
        this.calls = calls;
        this.retries = retries;
        this.chunks = chunks;
        this.commands = commands;
    }

    /** Sends chunks until no worker can use another one, or there is nothing to be sent. */
    void handOut(long now) {
        handOutLastChances(now);
        IdleWorkers idle = workers.idle;
        for (WorkerState worker = idle.first(); worker != null; worker = idle.first()) {
            CallState call = calls.ready.next(worker.nextToYield());
            if (call == null || (IdleWorkers.isAhead(worker) && !call.hasPlenty(workers.slots()))) {
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

    /** From now on the call begins only units that are expected to end before {@code lastEndNanos}. */
    void drain(CallState call, long lastEndNanos, long now) {
        call.drain(lastEndNanos);
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
        retries.dropLastChances(call);
        for (WorkerState worker : workers.byNumber()) {
            for (Chunk chunk = worker == null ? null : worker.firstWaiting(); chunk != null; chunk = chunk.next) {
                if (chunk.call == call && !chunk.givenUp) {
                    commands.add(new Command.Recall(worker.number, chunk.id));
                }
            }
        }
        calls.update(call);
    }

    private void handOutLastChances(long now) {
        while (retries.hasLastChances()) {
            WorkerState worker = workers.idle.first(candidate -> !candidate.hasLastChance);
            if (worker == null) {
                return;
            }
            sendAgain(worker, retries.nextLastChance(), now);
        }
    }

    private void recallForIdleSlots() {
        while (calls.ready.isEmpty() && workers.idle.freeSlots() > workers.prefetch.recalls()) {
            Chunk chunk = workers.prefetch.recall();
            if (chunk == null) {
                return;
            }
            commands.add(new Command.Recall(chunk.worker.number, chunk.id));
        }
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
        send(worker, call, first, call.takeFresh(workers.slots(), calls.hasOne()), null, now);
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
        chunks.begin(worker, now);
        workers.update(worker);
        call.underWay++;
        calls.served(call);
        if (yielding != null) {
            calls.ready.update(yielding);
        }
        commands.add(new Command.Send(worker.number, chunk.id, call.number, first, count, chunk.attempt()));
    }
}
