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
 * Starts children, watches for their end, and starts others in their place. A slot is the place of one child at a time.
 *
 * <p>All changes are made on one thread, in order, and never on the communication thread, because they may block for a
 * moment.
 */
final class Supervisor {
    /** Between the end of a child's pipe and that of the child. */
    private static final long SILENCE_MILLIS = 1_000;

    private static final long SHUTDOWN_MILLIS = 1_000;
    private static final long KILL_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private static final class Slot {
        private final int number;
        private final RestartPolicy policy = new RestartPolicy();

        Slot(int number) {
            this.number = number;
        }
    }

    private final ChildProcesses spec;
    private final ChannelMultiplexer multiplexer;
    private final ScheduledExecutorService executor;
    private final Map<Integer, Child> living = new ConcurrentHashMap<>();
    /** Slot of every child that was ever started, by its number. */
    private final Map<Integer, Integer> slots = new ConcurrentHashMap<>();

    private final Map<Integer, Long> pids = new ConcurrentHashMap<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private final AtomicInteger slotsInUse;
    private int nextPeer = 1;
    private volatile boolean closing;

    Supervisor(ChildProcesses spec, CommunicationThread communication) {
        this.spec = spec;
        this.multiplexer = new ChannelMultiplexer(
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

    ChannelMultiplexer multiplexer() {
        return multiplexer;
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
        ChildStartInfo startInfo = new ChildStartInfo(
                peer,
                1 + spec.count(),
                multiplexer.oldestOpenChannel(),
                ProcessHandle.current().pid());
        Child child = Child.start(startInfo, spec, multiplexer, () -> schedule(() -> killSilent(peer), SILENCE_MILLIS));
        nextPeer++;
        living.put(peer, child);
        pids.put(peer, child.pid());
        multiplexer.joined(peer, child.link());
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
        } catch (IOException | RuntimeException | Error e) { // for instance when there is no memory for it now
            int peer = nextPeer++;
            slot.policy.endedBeforeWork();
            settle(slot, peer, new PeerLoss("its process could not be started: " + e, "", true), true);
        }
    }

    /**
     * The pipe has ended but the process has not: user code has closed it or written to it, or hangs while it exits.
     */
    private void killSilent(int peer) {
        Child child = living.get(peer);
        if (child != null && !child.hasLeft()) {
            child.kill();
        }
    }

    private void ended(Slot slot, Child child) {
        PeerLoss loss;
        try {
            child.awaitExit(KILL_MILLIS); // it has ended; this waits until the object knows
            loss = child.lossAfterExit();
        } catch (InterruptedException e) {
            return; // close() goes on with it
        }
        living.remove(child.peer());
        if (closing) {
            return;
        }
        if (child.hasLeft()) {
            multiplexer.left(child.peer());
            slotsInUse.decrementAndGet();
            return;
        }
        if (child.isExpelled()) {
            slot.policy.endedOnRequest();
        } else if (child.hasSentFrames()) {
            slot.policy.endedAfterWork(child.ageNanos());
        } else {
            slot.policy.endedBeforeWork();
        }
        settle(slot, child.peer(), loss, false);
    }

    private void settle(Slot slot, int peer, PeerLoss loss, boolean failedToStart) {
        boolean givenUp = slot.policy.isGivenUp();
        PeerLoss told = loss;
        if (givenUp) {
            slotsInUse.decrementAndGet();
            told = new PeerLoss(
                    loss.reason() + " before it sent anything, like " + (RestartPolicy.MAX_USELESS_STARTS - 1)
                            + " others before it: it is not replaced any more",
                    loss.lastWords(),
                    false);
        }
        if (failedToStart) {
            multiplexer.failedToStart(peer, told);
        } else {
            multiplexer.lost(peer, told);
        }
        if (!givenUp) {
            schedule(() -> startAgain(slot), slot.policy.delayMillis());
        }
    }

    /** Ends all children: those that do not end when their pipe does are killed. Takes less than 2 s. */
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
        interrupted |= await(last, SHUTDOWN_MILLIS);
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
