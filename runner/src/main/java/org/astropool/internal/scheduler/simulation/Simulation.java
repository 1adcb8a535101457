package org.astropool.internal.scheduler.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.astropool.internal.scheduler.Command;
import org.astropool.internal.scheduler.Event;
import org.astropool.internal.scheduler.Scheduler;
import org.astropool.internal.scheduler.SchedulerOptions;

/**
 * Drives a {@link Scheduler} through virtual time: messages take time, the master handles one at a time, and each slot
 * of a worker evaluates one chunk after the other. Since chunks begin in the order in which they are sent, the end of a
 * chunk is known at once, and the only events are those that reach the master.
 *
 * <p>For one run, by one thread.
 */
public final class Simulation {
    private static final long[] NO_UNITS = {};

    private final Cluster cluster;
    private final List<SimulatedCall> calls;
    private final Scheduler scheduler;
    private final CpuSampler cpu = new CpuSampler();
    private final CommandHandler handler = new CommandHandler();

    /** What reaches the master, in this order; at one time, in the order in which it was sent. */
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::nanos).thenComparingLong(Arrival::number));

    /** When each slot will have evaluated what was sent to it; the slots of a worker are neighbours. */
    private final long[] slotFreeAt;

    /** Chunks that have to wait when they arrive at their worker, by number. */
    private final Map<Long, Waiting> waiting = new HashMap<>();

    private final Set<Long> takenBack = new HashSet<>();
    private final long[] workerDiesAt;
    private final Long[] callNanos;
    private long masterFreeAt;
    private long makespanNanos;
    private long arrivalsMade;
    private long units;
    private long messages;
    private long digest;

    private record Waiting(int slot, long slotFreeBefore, long begin) {}

    private record Arrival(long nanos, long number, Event event) {}

    public Simulation(Cluster cluster, SchedulerOptions options, List<SimulatedCall> calls) {
        this.cluster = cluster;
        this.calls = List.copyOf(calls);
        this.scheduler = new Scheduler(options);
        this.slotFreeAt = new long[cluster.workers() * cluster.slots()];
        this.workerDiesAt = new long[cluster.workers()];
        this.callNanos = new Long[calls.size()];
        Arrays.fill(workerDiesAt, Long.MAX_VALUE);
        Arrays.fill(callNanos, -1L);
        for (int worker = 0; worker < cluster.workers(); worker++) {
            arrive(0, new Event.WorkerJoined(worker, cluster.slots()));
        }
        for (int call = 0; call < calls.size(); call++) {
            SimulatedCall simulated = calls.get(call);
            arrive(simulated.opensAtNanos(), new Event.CallOpened(call, simulated.policy()));
            arrive(simulated.opensAtNanos(), new Event.UnitsAvailable(call, simulated.units()));
            arrive(simulated.opensAtNanos(), new Event.UnitsEnded(call));
        }
    }

    /** Before the run: a worker will die, and the master will notice that after the given time. */
    public void loseWorker(int worker, long atNanos, long noticedAfterNanos) {
        workerDiesAt[worker] = atNanos;
        arrive(atNanos + noticedAfterNanos, new Event.WorkerLost(worker));
    }

    /** Runs until nothing happens any more. A call that did not end has -1 as its time. */
    public SimulationResult run() {
        for (Arrival arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            masterFreeAt = Math.max(masterFreeAt, arrival.nanos);
            handle(arrival.event);
        }
        return new SimulationResult(
                makespanNanos,
                Collections.unmodifiableList(new ArrayList<>(Arrays.asList(callNanos))),
                units,
                messages,
                cpu.nanos(),
                digest);
    }

    private void arrive(long nanos, Event event) {
        arrivals.add(new Arrival(nanos, arrivalsMade++, event));
    }

    private void handle(Event event) {
        if (event instanceof Event.ChunkFinished finished) {
            if (takenBack.remove(finished.chunk())) {
                return;
            }
            waiting.remove(finished.chunk());
            message();
        } else if (event instanceof Event.ChunkReturned) {
            message();
        }
        cpu.begin();
        List<Command> commands = scheduler.on(event, masterFreeAt);
        cpu.end();
        for (int i = 0; i < commands.size(); i++) {
            commands.get(i).accept(handler);
        }
    }

    private void message() {
        messages++;
        masterFreeAt += cluster.masterNanosPerMessage();
    }

    /** Carries out commands and adds them to the digest. */
    private final class CommandHandler implements Command.Handler {
        @Override
        public void onSend(Command.Send send) {
            message();
            masterFreeAt += send.count() * cluster.masterNanosPerUnit();
            evaluate(send);
            note(1, send.worker(), send.chunk(), send.call(), send.first(), send.count(), send.attempt());
        }

        @Override
        public void onAccept(Command.Accept accept) {
            units += accept.count() - accept.retriedUnits().length;
            note(2, accept.chunk(), accept.call(), accept.first(), accept.count());
        }

        @Override
        public void onCallEnded(Command.CallEnded ended) {
            makespanNanos = masterFreeAt;
            callNanos[ended.call()] = masterFreeAt - calls.get(ended.call()).opensAtNanos();
            note(3, ended.call());
        }

        @Override
        public void onQuarantine(Command.Quarantine quarantine) {
            units++;
            note(4, quarantine.call(), quarantine.unit(), quarantine.losses());
        }

        @Override
        public void onRecall(Command.Recall recall) {
            message();
            giveBack(recall);
            note(5, recall.worker(), recall.chunk());
        }

        @Override
        public void onIgnore(Command.Ignore ignore) {
            throw impossible(ignore);
        }

        @Override
        public void onExpire(Command.Expire expire) {
            throw impossible(expire);
        }

        @Override
        public void onWithdraw(Command.Withdraw withdraw) {
            throw impossible(withdraw);
        }

        private IllegalStateException impossible(Command command) {
            return new IllegalStateException("Nothing here is cancelled, late or overdue: " + command);
        }
    }

    private void evaluate(Command.Send send) {
        int slot = firstFreeSlot(send.worker());
        long begin = Math.max(slotFreeAt[slot], masterFreeAt + cluster.latencyNanos());
        long end = begin;
        for (long unit = send.first(); unit < send.first() + send.count(); unit++) {
            end += calls.get(send.call()).durations().applyAsLong(unit);
        }
        if (begin > masterFreeAt + cluster.latencyNanos()) {
            waiting.put(send.chunk(), new Waiting(slot, slotFreeAt[slot], begin));
        }
        slotFreeAt[slot] = end;
        if (end <= workerDiesAt[send.worker()]) {
            Event answer = new Event.ChunkFinished(send.worker(), send.chunk(), end - begin, NO_UNITS);
            arrive(end + cluster.latencyNanos(), answer);
        }
    }

    /**
     * Only the chunk that begins last at its worker is recalled, so that no other chunk there begins earlier because of
     * that.
     */
    private void giveBack(Command.Recall recall) {
        Waiting chunk = waiting.get(recall.chunk());
        if (chunk != null && chunk.begin > masterFreeAt + cluster.latencyNanos()) {
            waiting.remove(recall.chunk());
            takenBack.add(recall.chunk());
            slotFreeAt[chunk.slot] = chunk.slotFreeBefore;
            arrive(masterFreeAt + 2 * cluster.latencyNanos(), new Event.ChunkReturned(recall.worker(), recall.chunk()));
        }
    }

    private int firstFreeSlot(int worker) {
        int first = worker * cluster.slots();
        int best = first;
        for (int slot = first + 1; slot < first + cluster.slots(); slot++) {
            if (slotFreeAt[slot] < slotFreeAt[best]) {
                best = slot;
            }
        }
        return best;
    }

    private void note(long... numbers) {
        for (long number : numbers) {
            digest = LogNormalDurations.mix(digest + number);
        }
    }
}
