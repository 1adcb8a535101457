package org.astropool.internal.transport;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.astropool.internal.transport.Agent.Urgency;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a process that communicates over a carrier. It runs its agents in a loop and decides how to wait
 * when they have nothing to do: it spins while no evaluation needs the core and there was traffic recently, then parks
 * for longer and longer times.
 *
 * <p>Measured (docs/measurements.md): when both ends park, a round trip takes 20 times as long; when they spin while
 * evaluations need the core, 50 times. So the agents say how urgent their work is. {@link #wakeUp} ends a park, so only
 * a message over a carrier that cannot wake this thread (MPI) has to wait until a park is over.
 *
 * <p>Waking another thread costs more than most runs of the agents. So where that is allowed
 * ({@link #allowCallerRuns}), other threads run the agents in place of this one: a thread that has added work while
 * this one is parked, and a thread that waits for a result while this one would spin. Only one thread runs the agents
 * at a time, each run sees the effects of those before it, and agents need no locks.
 */
public final class CommunicationThread {
    /** Longer than a program thinks between two rounds of short tasks, a sampler's step for instance. */
    private static final long SPIN_NANOS = 8_000_000;
    /** Ranks that share a core yield it to each other, instead of each spinning for a whole time slice. */
    private static final int SPINS_A_YIELD = 8;
    /** A park lasts at most this fraction of the silence before it, so it adds little to the wait for a message. */
    private static final int SILENCE_A_PARK = 128;

    private static final long SHORTEST_PARK_NANOS = 20_000;
    private static final long SHORTEST_PARK_OF_BUSY_NANOS = 100_000;
    /** While programs use all cores: a look takes 10 us of one of them. */
    private static final long SHORTEST_PARK_OF_LOWEST_NANOS = 2_000_000;

    private static final long LONGEST_PARK_NANOS = 20_000_000;
    /** While another thread spins in place of this one. */
    private static final long PARK_OF_REPLACED_NANOS = 200_000;

    /** Agents have deadlines, so they are run from time to time even where the carrier wakes this thread. */
    private static final long TICK_NANOS = 100_000_000;

    /** While tasks are evaluated, finished ones may wait for this long without a wake-up, see {@link #wakeUp}. */
    private static final long SHORTEST_TICK_NANOS = 2_000_000;

    private static final int SILENCE_A_TICK = 8;

    /** After so many runs the calling thread goes back to its own work. */
    private static final int MAX_CALLER_RUNS = 8;

    private static final Queue<Runnable> NOTHING = new ArrayDeque<>(0);
    private static final Logger LOG = LoggerFactory.getLogger(CommunicationThread.class);

    private final Thread thread;
    private final boolean mustPoll;
    private final long tickNanos;
    private final List<Agent> agents = new CopyOnWriteArrayList<>();
    private final AtomicBoolean wanted = new AtomicBoolean();
    /** The thread that runs the agents now: this one, or another in its place. */
    private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
    /** Actions that the runner takes after this run. Belongs to the runner. */
    private Queue<Runnable> afterWork = new ArrayDeque<>();
    /** Whether a thread that waits for a result spins in place of this one. */
    private final AtomicBoolean replaced = new AtomicBoolean();

    private volatile boolean parked;
    private volatile long parkEndNanos;
    private volatile boolean callerRuns;
    private volatile boolean stopping;
    private volatile Urgency urgency = Urgency.LOW;
    private volatile long lastWorkNanos;

    /**
     * A daemon thread that does not run yet.
     *
     * @param mustPoll whether the carrier cannot wake this thread, so that it has to look from time to time
     */
    public CommunicationThread(String name, boolean mustPoll) {
        this(name, mustPoll, TICK_NANOS);
    }

    /**
     * @param tickNanos how long it parks at most where the carrier wakes it; tests make it endless to find lost
     *     wake-ups
     */
    CommunicationThread(String name, boolean mustPoll, long tickNanos) {
        this.mustPoll = mustPoll;
        this.tickNanos = tickNanos;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Begins to run the agents. */
    public void start() {
        thread.start();
    }

    /** Adds an agent, from any thread; it is run soon. */
    public void add(Agent agent) {
        agents.add(agent);
        wakeUp();
    }

    /** Removes an agent, from any thread; it may be run once more unless the caller is the communication thread. */
    public void remove(Agent agent) {
        agents.remove(agent);
    }

    /**
     * From now on other threads may run the agents, too. For carriers that may be called by any thread, interrupted or
     * not.
     */
    public void allowCallerRuns() {
        callerRuns = true;
    }

    /**
     * Ends a park, from any thread: there is work to do. Where callers may run the agents, the caller may do the work
     * itself before this returns. Agents of low urgency ({@link Agent.Urgency#LOW}) are run without a wake-up, too,
     * within a few milliseconds if there was work recently.
     */
    public void wakeUp() {
        // The flag is set before `parked` is read, and read after `parked` is set: one of the two sides sees the other.
        wanted.set(true);
        if (parked && (!callerRuns || !runHere())) {
            LockSupport.unpark(thread);
        }
    }

    /** @return whether all work is done, or another thread does it */
    private boolean runHere() {
        boolean worked = false;
        for (int runs = 0; wanted.get(); runs++) {
            if (runs == MAX_CALLER_RUNS) {
                return false;
            }
            if (!runner.compareAndSet(null, Thread.currentThread())) {
                break; // the runner looks at `wanted` after its run
            }
            worked |= runOnce();
        }
        boolean mayBeAnsweredSoon = worked && mustPoll;
        return !mayBeAnsweredSoon || parkEndNanos - System.nanoTime() < PARK_OF_REPLACED_NANOS;
    }

    /**
     * For a thread that has nothing else to do: runs the agents in place of this thread for as long as this one would
     * spin, so that the result that the caller waits for needs no wake-up. Returns early where callers may not run the
     * agents, where this thread would park, and when the caller is interrupted.
     *
     * @param isOver whether the caller has what it waits for; asked often
     */
    public void doWorkUntil(BooleanSupplier isOver, long limitNanos) {
        if (!callerRuns || !mustPoll || !replaced.compareAndSet(false, true)) {
            return;
        }
        try {
            long begin = System.nanoTime();
            long now = begin;
            for (int spins = 1; !isOver.getAsBoolean() && now - begin < limitNanos && !stopping; spins++) {
                boolean worked = runner.compareAndSet(null, Thread.currentThread()) && runOnce();
                now = System.nanoTime();
                if (!worked) {
                    if (!shouldSpin(now) || Thread.currentThread().isInterrupted()) {
                        return;
                    }
                    spin(spins);
                }
            }
        } finally {
            replaced.set(false);
            if (wanted.get()) {
                wakeUp();
            }
        }
    }

    /** Whether callers may run the agents and nothing is polled: each sender delivers its message itself. */
    public boolean isServedBySenders() {
        return callerRuns && !mustPoll;
    }

    /**
     * Has the runner take an action right after the current run, when other threads may run the agents again. To be
     * called by an agent while it is run.
     */
    public void runAfterWork(Runnable action) {
        afterWork.add(action);
    }

    /** For the runner, which gives up that role at the end. */
    private boolean runOnce() {
        Queue<Runnable> after = NOTHING;
        try {
            wanted.set(false);
            long now = System.nanoTime();
            boolean worked = runAgents(now) > 0;
            if (worked) {
                lastWorkNanos = now;
            }
            urgency = leastUrgency();
            return worked;
        } catch (Throwable t) { // otherwise everybody who waits for an answer would hang
            agents.forEach(agent -> fail(agent, t));
            return false;
        } finally {
            if (!afterWork.isEmpty()) {
                after = afterWork;
                afterWork = new ArrayDeque<>();
            }
            runner.set(null);
            after.forEach(CommunicationThread::runSafely);
        }
    }

    private static void runSafely(Runnable action) {
        try {
            action.run();
        } catch (Throwable t) { // the calling thread must not fail because of it
            LOG.error("an action after a run of the communication thread has failed", t);
        }
    }

    /** Whether the caller is this thread, or runs the agents in its place. */
    public boolean isCurrent() {
        return isItself() || runner.get() == Thread.currentThread();
    }

    /** Whether the caller is this thread. */
    public boolean isItself() {
        return Thread.currentThread() == thread;
    }

    /** Ends the loop. Does not wait. */
    public void stop() {
        stopping = true;
        LockSupport.unpark(thread); // not wakeUp(): running the agents here would not end the thread
    }

    /**
     * Waits for the thread to end.
     *
     * @return whether it has ended
     */
    public boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    private void run() {
        lastWorkNanos = System.nanoTime();
        for (int spins = 1; !stopping; spins++) {
            boolean isRunner = runner.compareAndSet(null, thread);
            if (isRunner && runOnce()) {
                continue;
            }
            long now = System.nanoTime();
            if (replaced.get()) {
                park(PARK_OF_REPLACED_NANOS);
            } else if (!isRunner || shouldSpin(now)) {
                spin(spins);
            } else {
                park(parkNanos(now - lastWorkNanos));
            }
        }
    }

    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a CopyOnWriteArrayList: the loop iterates over a snapshot
    private int runAgents(long now) {
        int work = 0;
        for (Agent agent : agents) {
            try {
                work += agent.doWork(now);
            } catch (Throwable t) { // also errors: the other agents go on
                fail(agent, t);
                work++;
            }
        }
        return work;
    }

    private void fail(Agent agent, Throwable cause) {
        agents.remove(agent);
        try {
            agent.failed(cause);
        } catch (Throwable t) {
            LOG.error("{} failed, and its handler too", agent, t);
        }
    }

    private boolean shouldSpin(long nowNanos) {
        return urgency == Urgency.HIGH && mustPoll && nowNanos - lastWorkNanos < SPIN_NANOS;
    }

    private Urgency leastUrgency() {
        Urgency least = Urgency.HIGH;
        for (Agent agent : agents) {
            Urgency other = agent.urgency();
            least = other.compareTo(least) > 0 ? other : least;
        }
        return least;
    }

    @SuppressWarnings("ThreadPriorityCheck") // a yield is intended
    private static void spin(int spins) {
        if (spins % SPINS_A_YIELD == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    private void park(long nanos) {
        parkEndNanos = System.nanoTime() + nanos;
        parked = true;
        if (!wanted.get()) {
            LockSupport.parkNanos(this, nanos);
        }
        parked = false;
    }

    private long parkNanos(long quietNanos) {
        if (!mustPoll) {
            return urgency == Urgency.HIGH
                    ? tickNanos
                    : Math.min(tickNanos, Math.max(SHORTEST_TICK_NANOS, quietNanos / SILENCE_A_TICK));
        }
        long shortest = switch (urgency) {
            case HIGH -> SHORTEST_PARK_NANOS;
            case LOW -> SHORTEST_PARK_OF_BUSY_NANOS;
            case LOWEST -> SHORTEST_PARK_OF_LOWEST_NANOS;
        };
        return Math.min(LONGEST_PARK_NANOS, Math.max(shortest, quietNanos / SILENCE_A_PARK));
    }
}
