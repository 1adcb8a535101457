package org.astropool.transport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a process that talks to a carrier. It gives its agents turns and decides how to wait when nothing
 * happens: spin while that costs nobody anything and traffic was seen lately, then park, longer and longer.
 *
 * <p>Measured (docs/design.md): when both ends drop into parking, a round trip takes 20 times as long; when they spin
 * while evaluations want the core, 50 times. So the agents say how urgent it is. {@link #wakeUp} ends a park, so only
 * what comes over a carrier that cannot wake us (MPI) waits for the end of a park.
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
    /** Agents keep deadlines, so a turn now and then is due even where the carrier would wake us. */
    private static final long TICK_NANOS = 100_000_000;

    /** While tasks are evaluated: what has finished may wait so long without a wake-up, see {@link #wakeUp}. */
    private static final long SHORTEST_TICK_NANOS = 2_000_000;

    private static final int SILENCE_A_TICK = 8;

    private static final Logger LOG = LoggerFactory.getLogger(CommunicationThread.class);

    private final Thread thread;
    private final boolean mustPoll;
    private final List<Agent> agents = new CopyOnWriteArrayList<>();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private volatile boolean parked;
    private volatile boolean stopping;
    private int spins;

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
     * Ends a park, from any thread: there is something to do. An agent that is busy ({@link Agent.Urgency#LOW}) gets its
     * turns also without, within a few milliseconds where there was work lately.
     */
    public void wakeUp() {
        // The flag is set before `parked` is read, and read after `parked` is set: one of the two sides sees the other.
        wanted.set(true);
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /** Whether the caller is this thread. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Gives no more turns. Does not wait. */
    public void stop() {
        stopping = true;
        wakeUp();
    }

    /** Waits for the thread to end; the stack of the thread, where it hangs, is left to the caller. */
    public boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    private void run() {
        try {
            giveTurns();
        } catch (Throwable t) { // a thread that dies in silence would hang everybody who waits for an answer
            agents.forEach(agent -> fail(agent, t));
        }
    }

    private void giveTurns() {
        long lastWork = System.nanoTime();
        while (!stopping) {
            wanted.set(false);
            long now = System.nanoTime();
            if (turn(now) > 0) {
                lastWork = now;
            } else {
                idle(now - lastWork);
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

    private void idle(long quietNanos) {
        boolean urgent = isUrgent();
        if (urgent && mustPoll && quietNanos < SPIN_NANOS) {
            spin();
            return;
        }
        parked = true;
        if (!wanted.get()) {
            LockSupport.parkNanos(this, parkNanos(quietNanos, urgent));
        }
        parked = false;
    }

    private boolean isUrgent() {
        boolean urgent = true;
        for (Agent agent : agents) {
            urgent &= agent.urgency() == Agent.Urgency.HIGH;
        }
        return urgent;
    }

    @SuppressWarnings("ThreadPriorityCheck") // a yield is exactly what is meant
    private void spin() {
        if (++spins % SPINS_A_YIELD == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    private long parkNanos(long quietNanos, boolean urgent) {
        if (!mustPoll) {
            return urgent
                    ? TICK_NANOS
                    : Math.min(TICK_NANOS, Math.max(SHORTEST_TICK_NANOS, quietNanos / SILENCE_A_TICK));
        }
        long shortest = urgent ? SHORTEST_PARK_NANOS : SHORTEST_PARK_OF_BUSY_NANOS;
        return Math.min(LONGEST_PARK_NANOS, Math.max(shortest, quietNanos / SILENCE_A_PARK));
    }
}
