package org.astropool.internal.transport;

/** Work that a {@link CommunicationThread} does again and again, in small steps. */
public interface Agent {

    /** What the thread should do while there is nothing to do. */
    enum Urgency {
        /** A message may arrive at any moment, and no evaluation needs the core: spin. */
        HIGH,
        /** The cores are busy with evaluations, or no message is expected: park. */
        LOW,
        /**
         * All cores are busy with evaluations by other processes, whose next tasks wait there already: park for longer.
         */
        LOWEST
    }

    /**
     * Does what there is to do now; never blocks.
     *
     * @param nowNanos {@link System#nanoTime}, read once for all agents
     * @return how much was done; 0 when there was nothing to do
     */
    int doWork(long nowNanos);

    /** Asked after each round. */
    Urgency urgency();

    /** {@link #doWork} threw: the agent is not run any more and must tell those who wait for it. */
    void failed(Throwable cause);
}
