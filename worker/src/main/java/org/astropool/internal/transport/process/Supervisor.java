package org.astropool.internal.transport.process;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.ChannelMultiplexer;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.PeerLoss;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts children, sees them end, and starts others. A slot is the place of one child at a time.
 *
 * <p>All that changes runs on one thread, in order, since it may block for a moment: never on the communication thread.
 */
final class Supervisor {
    /** A child that dies so often in a row without a frame cannot work here: wrong options, no memory, no class. */
    private static final int MAX_MUTE_DEATHS = 3;
    /** A child that lived longer than this is replaced at once. */
    private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long LONGEST_DELAY_MILLIS = 2_000;
    private static final int MAX_DOUBLINGS = 10;
    /** Between the end of a child's pipe and that of the child. */
    private static final long SILENCE_MILLIS = 1_000;

    private static final long FAREWELL_MILLIS = 1_000;
    private static final long KILL_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private static final class Slot {
        private final int number;
        private int quickDeaths;
        private int muteDeaths;

        Slot(int number) {
            this.number = number;
        }
    }

    private final ChildProcesses spec;
    private final ChannelMultiplexer exchange;
    private final ScheduledExecutorService executor;
    private final Map<Integer, Child> living = new ConcurrentHashMap<>();
    /** Slot and process id of every child there ever was. */
    private final Map<Integer, Integer> slots = new ConcurrentHashMap<>();

    private final Map<Integer, Long> pids = new ConcurrentHashMap<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private final AtomicInteger slotsInUse;
    private int nextPeer = 1;
    private volatile boolean closing;

    Supervisor(ChildProcesses spec, CommunicationThread communication) {
        this.spec = spec;
        this.exchange = new ChannelMultiplexer(
                0, 1 + spec.count(), PipeConnection.MAX_FRAME_BYTES, 0, communication, this::expel);
        this.slotsInUse = new AtomicInteger(spec.count());
        ScheduledThreadPoolExecutor single = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "astropool supervisor");
            thread.setDaemon(true);
            return thread;
        });
        single.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.executor = single;
    }

    ChannelMultiplexer exchange() {
        return exchange;
    }

    /** The first child of each slot. */
    void startAll() throws CarrierException {
        try {
            executor.submit(() -> {
                        for (int slot = 0; slot < spec.count(); slot++) {
                            start(new Slot(slot));
                        }
                        return null;
                    })
                    .get();
        } catch (ExecutionException e) {
            close();
            throw new CarrierException(
                    "child process " + nextPeer + " of " + spec.count() + " could not be started: " + e.getCause()
                            + "; its program is " + spec.command().get(0),
                    e.getCause());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CarrierException("interrupted while children were started", e);
        }
    }

    @Nullable
    Long pid(int peer) {
        return pids.get(peer);
    }

    @Nullable
    Integer slot(int peer) {
        return slots.get(peer);
    }

    String lastWords(int peer) {
        Child child = living.get(peer);
        return child == null ? "" : child.lastWords();
    }

    int restarts() {
        return restarts.get();
    }

    int slotsInUse() {
        return slotsInUse.get();
    }

    private boolean expel(int peer) {
        execute(() -> {
            Child child = living.get(peer);
            if (child != null) {
                child.expel();
            }
        });
        return true;
    }

    private void execute(Runnable work) {
        try {
            executor.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("the supervision of child processes failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            // closed: nothing is left to be supervised
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // execute() reports what throws
    private void schedule(Runnable work, long millis) {
        try {
            executor.schedule(() -> execute(work), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // closed: nothing is left to be supervised
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // execute() reports what throws
    private void start(Slot slot) throws IOException {
        int peer = nextPeer;
        slots.put(peer, slot.number);
        ChildStartInfo birth = new ChildStartInfo(
                peer,
                1 + spec.count(),
                exchange.oldestOpenChannel(),
                ProcessHandle.current().pid());
        Child child = Child.start(birth, spec, exchange, () -> schedule(() -> killSilent(peer), SILENCE_MILLIS));
        nextPeer++;
        living.put(peer, child);
        pids.put(peer, child.pid());
        exchange.joined(peer, child.link());
        child.process().toHandle().onExit().thenRun(() -> execute(() -> ended(slot, child)));
        child.begin();
    }

    private void startAgain(Slot slot) {
        if (closing) {
            return;
        }
        restarts.incrementAndGet();
        try {
            start(slot);
        } catch (IOException | RuntimeException | Error e) { // also when there is no memory for it now
            int peer = nextPeer++;
            slot.muteDeaths++;
            slot.quickDeaths++;
            settle(slot, peer, new PeerLoss("its process could not be started: " + e, "", true), true);
        }
    }

    /** A pipe that is at its end without the process: user code has closed it, or wrote to it, or hangs in its exit. */
    private void killSilent(int peer) {
        Child child = living.get(peer);
        if (child != null && !child.hasLeft()) {
            child.kill();
        }
    }

    private void ended(Slot slot, Child child) {
        PeerLoss loss;
        try {
            child.awaitExit(KILL_MILLIS); // it has ended; this waits for the object to know
            loss = child.buried();
        } catch (InterruptedException e) {
            return; // close() goes on with it
        }
        living.remove(child.peer());
        if (closing) {
            return;
        }
        if (child.hasLeft()) {
            exchange.left(child.peer());
            slotsInUse.decrementAndGet();
            return;
        }
        if (child.isExpelled()) {
            slot.quickDeaths = 0;
        } else if (child.hasSpoken()) {
            slot.muteDeaths = 0;
            slot.quickDeaths = child.ageNanos() < QUICK_NANOS ? slot.quickDeaths + 1 : 0;
        } else {
            slot.muteDeaths++;
            slot.quickDeaths++;
        }
        settle(slot, child.peer(), loss, false);
    }

    private void settle(Slot slot, int peer, PeerLoss loss, boolean stillborn) {
        boolean givenUp = slot.muteDeaths == MAX_MUTE_DEATHS;
        PeerLoss told = loss;
        if (givenUp) {
            slotsInUse.decrementAndGet();
            told = new PeerLoss(
                    loss.reason() + " before it said anything, like " + (MAX_MUTE_DEATHS - 1)
                            + " others before it: it is not replaced any more",
                    loss.lastWords(),
                    false);
        }
        if (stillborn) {
            exchange.stillborn(peer, told);
        } else {
            exchange.lost(peer, told);
        }
        if (!givenUp) {
            schedule(() -> startAgain(slot), delayMillis(slot.quickDeaths));
        }
    }

    /** None after the first quick death, then longer and longer. */
    static long delayMillis(int quickDeaths) {
        return quickDeaths < 2
                ? 0
                : Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(quickDeaths - 2, MAX_DOUBLINGS));
    }

    /** Ends all children: those that do not go when their pipe ends are killed. Takes less than 2 s. */
    void close() {
        closing = true;
        executor.shutdownNow();
        boolean interrupted = false;
        try {
            executor.awaitTermination(KILL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        List<Child> last = List.copyOf(living.values());
        last.forEach(child -> child.link().closeOutput());
        interrupted |= await(last, FAREWELL_MILLIS);
        last.stream().filter(child -> child.process().isAlive()).forEach(Child::kill);
        interrupted |= await(last, KILL_MILLIS);
        last.forEach(Child::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was interrupted. */
    private static boolean await(List<Child> children, long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (Child child : children) {
                child.awaitExit(TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Kills all children without waiting. */
    void killAll() {
        closing = true;
        living.values().forEach(Child::kill);
    }
}
