package org.astropool.internal.scheduler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What is always true of a {@link Scheduler} between two events; for tests. */
record Invariants(
        Collection<WorkerState> workers,
        Collection<CallState> calls,
        Set<Chunk> deadlines,
        Collection<UnitHistory> lastChances,
        int slots,
        int freeSlots,
        int recalls) {

    void check() {
        int slotsOffered = 0;
        for (WorkerState worker : workers) {
            slotsOffered += worker.leaving ? 0 : worker.slots;
            check(worker);
        }
        require(slotsOffered == slots, "slots are those of the workers that are not leaving");
        for (CallState call : calls) {
            check(call);
        }
        require(
                workers.stream()
                                .filter(worker -> !worker.leaving)
                                .mapToInt(WorkerState::freeSlots)
                                .sum()
                        == freeSlots,
                "free slots are those of the workers that are not leaving");
        require(
                chunks().stream()
                                .filter(chunk -> chunk.recalled && !chunk.givenUp)
                                .count()
                        == recalls,
                "recalls are of chunks under way");
        require(
                freeSlots <= recalls
                        || calls.stream().anyMatch(CallState::hasWork)
                        || workers.stream().noneMatch(w -> w.lends),
                "no slot is idle while a chunk waits elsewhere that is not recalled");
        require(
                lastChances.stream().allMatch(history -> calls.contains(history.call())),
                "units on their last chance are of open calls");
        require(
                deadlines.stream().allMatch(chunk -> chunks().contains(chunk) && !chunk.givenUp),
                "deadlines are of chunks under way");
    }

    private List<Chunk> chunks() {
        List<Chunk> chunks = new ArrayList<>();
        workers.forEach(worker -> chunks.addAll(chunks(worker)));
        return chunks;
    }

    private static List<Chunk> chunks(WorkerState worker) {
        List<Chunk> chunks = new ArrayList<>();
        for (Chunk chunk = worker.first(); chunk != null; chunk = chunk.next) {
            chunks.add(chunk);
        }
        return chunks;
    }

    private void check(WorkerState worker) {
        List<Chunk> sent = chunks(worker);
        require(sent.size() == worker.size(), "a worker counts its chunks");
        int begun = 0;
        int owners = 0;
        int givenUp = 0;
        int lastChancesHere = 0;
        long expectedNanos = 0;
        boolean waiting = false;
        for (Chunk chunk : sent) {
            require(chunk.worker == worker, "a chunk is at its worker");
            require(chunk.givenUp || calls.contains(chunk.call), "chunks under way are of open calls");
            waiting |= chunk == worker.firstWaiting();
            require(chunk.begun != waiting, "chunks begin in the order of sending");
            require(!(chunk.givenUp && chunk.ownsSlot), "a chunk that was given up holds no share");
            require(
                    deadlines.contains(chunk) == (chunk.hasDeadline() && !chunk.givenUp),
                    "chunks that have begun have the deadlines of their calls");
            begun += chunk.begun ? 1 : 0;
            owners += chunk.ownsSlot ? 1 : 0;
            givenUp += chunk.givenUp ? 1 : 0;
            lastChancesHere += chunk.isOnLastChance() ? 1 : 0;
            expectedNanos += chunk.expectedNanos;
        }
        require(begun == Math.min(worker.slots, sent.size()), "a slot is idle only when nothing waits");
        require(owners <= worker.slots, "no more shares than slots");
        require(givenUp == worker.givenUp, "a worker counts what was given up");
        require(lastChancesHere == (worker.hasLastChance ? 1 : 0), "one last chance a worker");
        require(worker.expectedNanosPerSlot() == (double) expectedNanos / worker.slots, "a worker sums what it has");
    }

    private void check(CallState call) {
        long underWay = 0;
        int slotsUsed = 0;
        for (Chunk chunk : chunks()) {
            if (chunk.call == call) {
                underWay += chunk.givenUp ? 0 : 1;
                slotsUsed += chunk.ownsSlot ? 1 : 0;
            }
        }
        require(underWay == call.underWay, "a call counts its chunks under way");
        require(slotsUsed == call.slots, "a call counts its slots");
        require(call.ranked == call.hasWork(), "a call stands in the ranking while it has work");
        require(!call.ranked || (call.rankedSlots == call.slots && call.rankedTurn == call.turn), "at its place");
        require(
                lastChances.stream().filter(history -> history.call() == call).count() == call.lastChances,
                "a call counts its last chances");
        require(!call.isDone(), "a call that is done has ended");
    }

    private static void require(boolean condition, String invariant) {
        if (!condition) {
            throw new IllegalStateException("Not true: " + invariant);
        }
    }
}
