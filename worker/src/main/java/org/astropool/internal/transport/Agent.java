package org.astropool.internal.transport;

/** Work that is done in turns on a {@link CommunicationThread}. */
public interface Agent {

    /** What the thread should do between turns in which nothing happened. */
    enum Urgency {
        /** Something may come any moment and nobody else wants the core: spin. */
        HIGH,
        /** The cores are busy with evaluations, or nothing is expected: park. */
        LOW
    }

    /**
     * One turn; never blocks.
     *
     * @param nowNanos {@link System#nanoTime}, read once for all agents
     * @return how many things happened
     */
    int turn(long nowNanos);

    /** Asked after a turn in which nothing happened. */
    Urgency urgency();

    /** A turn threw: the agent gets no further turn and must tell those who wait for it. */
    void failed(Throwable cause);
}
