package org.astropool.transport;

/**
 * A means of communication that this process has joined, for instance MPI_COMM_WORLD. Shared by all pools of the
 * process and counted: it ends when everyone who opened it has closed it, or as late as its technique demands.
 * Thread-safe.
 */
public interface Carrier extends AutoCloseable {

    /** The largest number of a channel; MPI promises tags up to 32767. */
    int MAX_CHANNEL = 32_000;

    /** For people, with version, for instance "Open MPI 4.1.4". */
    String description();

    /** This process's number, 0 for the master. */
    int rank();

    /** How many processes there are at the start. */
    int size();

    /** The one thread on which transports of this carrier are used. */
    CommunicationThread thread();

    /**
     * This process's end of a channel. The peers that open the same channel number talk to each other; frames for a
     * channel that this process has not opened yet are kept until it does. A number is used once: frames that are
     * still on their way when a channel is closed would otherwise come out of the next one.
     *
     * @param channel from 0 to {@link #MAX_CHANNEL}
     * @throws IllegalStateException when this process has opened that channel before
     */
    Transport open(int channel);

    /** Ends every process of the job at once, this one included, with a non-zero code. Does not return. */
    void abort(int exitCode, String reason);

    @Override
    void close();
}
