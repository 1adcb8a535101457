package org.astropool.internal.transport;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a process that talks to a carrier. It gives its agents turns and decides how to wait when nothing
 * happens: spin while that costs nobody anything and traffic was seen lately, then park, longer and longer.
 *
 * <p>Measured (docs/design.md): when both ends drop into parking, a round trip takes 20 times as long; when they spin
 * while evaluations want the core, 50 times. So the agents say how urgent it is. {@link #wakeUp} ends a park, so only
 * what comes over a carrier that cannot wake us (MPI) waits for the end of a park.
 *
 * <p>To wake another thread costs more than most turns. So where they may ({@link #lendTurns}), other threads give
 * turns in its place: one that has something done while it is parked, one that waits for something while it would spin.
 * There is one turn at a time, each sees what those before it did, and agents lock nothing.
 */
public final class CommunicationThread {
    /** Longer than a program thinks between two rounds of short tasks, a sampler's step for instance. */
    private static final long SPIN_NANOS = 8_000_000;
    /** So that ranks that share a core pass it on, instead of spinning in turn for a time slice each. */
    private static final int SPINS_A_YIELD = 8;
    /** A park adds at most this part of the silence before it: waiting longer for a message hardly gets longer. */
    private static final int SILENCE_A_PARK = 128;

    private static final long SHORTEST_PARK_NANOS = 20_000;
    private static final long SHORTEST_PARK_OF_BUSY_NANOS = 100_000;
    private static final long LONGEST_PARK_NANOS = 20_000_000;
    /** While another thread spins in its place. */
    private static final long PARK_OF_REPLACED_NANOS = 200_000;

    /** Agents keep deadlines, so a turn now and then is due even where the carrier would wake us. */
    private static final long TICK_NANOS = 100_000_000;

    /** While tasks are evaluated: what has finished may wait so long without a wake-up, see {@link #wakeUp}. */
    private static final long SHORTEST_TICK_NANOS = 2_000_000;

    private static final int SILENCE_A_TICK = 8;

    /** Then the thread that gives turns for this one goes back to its own work. */
    private static final int MOST_LENT_TURNS = 8;

    private static final Queue<Runnable> NOTHING = new ArrayDeque<>(0);
    private static final Logger LOG = LoggerFactory.getLogger(CommunicationThread.class);

    private final Thread thread;
    private final boolean mustPoll;
    private final List<Agent> agents = new CopyOnWriteArrayList<>();
    private final AtomicBoolean wanted = new AtomicBoolean();
    /** Who gives a turn now: this thread, or one that does it in its place. */
    private final AtomicReference<@Nullable Thread> giver = new AtomicReference<>();
    /** What the giver of this turn does after it. */
    private Queue<Runnable> afterTurn = new ArrayDeque<>();
    /** Whether a thread that waits for something spins in place of this one. */
    private final AtomicBoolean replaced = new AtomicBoolean();

    private volatile boolean parked;
    private volatile long parkEndNanos;
    private volatile boolean lends;
    private volatile boolean stopping;
    private volatile boolean urgent;
    private volatile long lastWorkNanos;

    /**
     * A daemon thread that does not run yet.
     *
     * @param mustPoll whether the carrier cannot wake this thread, so that it has to look from time to time
     */
    public CommunicationThread(String name, boolean mustPoll) {
        this.mustPoll = mustPoll;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Begins to give turns. */
    public void start() {
        thread.start();
    }

    /** Adds an agent, from any thread; its first turn comes soon. */
    public void add(Agent agent) {
        agents.add(agent);
        wakeUp();
    }

    /** Removes an agent, from any thread; it may get one more turn unless this is the communication thread itself. */
    public void remove(Agent agent) {
        agents.remove(agent);
    }

    /**
     * From now on other threads give turns, too. For carriers that do not mind which thread calls them, nor whether it
     * is interrupted.
     */
    public void lendTurns() {
        lends = true;
    }

    /**
     * Ends a park, from any thread: there is something to do. Where turns are lent, the caller may do it itself before
     * this returns. An agent that is busy ({@link Agent.Urgency#LOW}) gets its turns also without, within a few
     * milliseconds where there was work lately.
     */
    public void wakeUp() {
        // The flag is set before `parked` is read, and read after `parked` is set: one of the two sides sees the other.
        wanted.set(true);
        if (parked && (!lends || !isDoneHere())) {
            LockSupport.unpark(thread);
        }
    }

    /** @return whether all is done, or somebody else sees to it */
    private boolean isDoneHere() {
        boolean worked = false;
        for (int turns = 0; wanted.get(); turns++) {
            if (turns == MOST_LENT_TURNS) {
                return false;
            }
            if (!giver.compareAndSet(null, Thread.currentThread())) {
                break; // who gives the turn sees `wanted` after it
            }
            worked |= giveTurn();
        }
        boolean mayBeAnsweredSoon = worked && mustPoll;
        return !mayBeAnsweredSoon || parkEndNanos - System.nanoTime() < PARK_OF_REPLACED_NANOS;
    }

    /**
     * For a thread that has nothing else to do: gives turns in place of this thread for as long as that would spin, so
     * that what the caller waits for has to wake nobody up. Returns early where turns are not lent, where this thread
     * would park, and when the caller is interrupted.
     *
     * @param isOver whether what the caller waits for has come; asked often
     */
    public void giveTurnsUntil(BooleanSupplier isOver, long limitNanos) {
        if (!lends || !mustPoll || !replaced.compareAndSet(false, true)) {
            return;
        }
        try {
            long begin = System.nanoTime();
            long now = begin;
            for (int spins = 1; !isOver.getAsBoolean() && now - begin < limitNanos && !stopping; spins++) {
                boolean worked = giver.compareAndSet(null, Thread.currentThread()) && giveTurn();
                now = System.nanoTime();
                if (!worked) {
                    if (!mustSpin(now) || Thread.currentThread().isInterrupted()) {
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

    /** Whether turns are lent and nothing is polled: what comes is brought by its sender. */
    public boolean isServedBySenders() {
        return lends && !mustPoll;
    }

    /**
     * Has something done right after this turn by the thread that gives it. To be called by an agent during its turn.
     */
    public void doAfterTurn(Runnable action) {
        afterTurn.add(action);
    }

    /** As the giver, which ends with it. */
    private boolean giveTurn() {
        Queue<Runnable> after = NOTHING;
        try {
            wanted.set(false);
            long now = System.nanoTime();
            boolean worked = turn(now) > 0;
            if (worked) {
                lastWorkNanos = now;
            }
            urgent = isUrgent();
            return worked;
        } catch (Throwable t) { // in silence, it would hang everybody who waits for an answer
            agents.forEach(agent -> fail(agent, t));
            return false;
        } finally {
            if (!afterTurn.isEmpty()) {
                after = afterTurn;
                afterTurn = new ArrayDeque<>();
            }
            giver.set(null);
            after.forEach(CommunicationThread::runSafely);
        }
    }

    private static void runSafely(Runnable action) {
        try {
            action.run();
        } catch (Throwable t) { // the thread that lends itself goes on
            LOG.error("what was to be done after a turn has failed", t);
        }
    }

    /** Whether the caller is this thread, or gives a turn in its place. */
    public boolean isCurrent() {
        return isItself() || giver.get() == Thread.currentThread();
    }

    /** Whether the caller is this thread. */
    public boolean isItself() {
        return Thread.currentThread() == thread;
    }

    /** Gives no more turns. Does not wait. */
    public void stop() {
        stopping = true;
        LockSupport.unpark(thread); // itself: to give its turns here would not end it
    }

    /** Waits for the thread to end; the stack of the thread, where it hangs, is left to the caller. */
    public boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    private void run() {
        lastWorkNanos = System.nanoTime();
        for (int spins = 1; !stopping; spins++) {
            boolean isGiver = giver.compareAndSet(null, thread);
            if (isGiver && giveTurn()) {
                continue;
            }
            long now = System.nanoTime();
            if (replaced.get()) {
                park(PARK_OF_REPLACED_NANOS);
            } else if (!isGiver || mustSpin(now)) {
                spin(spins);
            } else {
                park(parkNanos(now - lastWorkNanos));
            }
        }
    }

    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // the list is made for that: the loop sees a copy
    private int turn(long now) {
        int work = 0;
        for (Agent agent : agents) {
            try {
                work += agent.turn(now);
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

    private boolean mustSpin(long nowNanos) {
        return urgent && mustPoll && nowNanos - lastWorkNanos < SPIN_NANOS;
    }

    private boolean isUrgent() {
        boolean isUrgent = true;
        for (Agent agent : agents) {
            isUrgent &= agent.urgency() == Agent.Urgency.HIGH;
        }
        return isUrgent;
    }

    @SuppressWarnings("ThreadPriorityCheck") // a yield is exactly what is meant
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
            return urgent
                    ? TICK_NANOS
                    : Math.min(TICK_NANOS, Math.max(SHORTEST_TICK_NANOS, quietNanos / SILENCE_A_TICK));
        }
        long shortest = urgent ? SHORTEST_PARK_NANOS : SHORTEST_PARK_OF_BUSY_NANOS;
        return Math.min(LONGEST_PARK_NANOS, Math.max(shortest, quietNanos / SILENCE_A_PARK));
    }
}
