package org.astropool.internal.transport;

/**
 * A means of communication that this process has joined, for instance MPI_COMM_WORLD. Shared by all pools of the
 * process and counted: it ends when all users have closed it, or later if its technique requires that. Thread-safe.
 */
public interface Carrier extends AutoCloseable {

    /** How many channels there can be in the life of a process; MPI promises tags up to 32767. */
    int MAX_CHANNELS = 32_000;

    /**
     * A system property in which a program may announce its exit code before it exits, for carriers that may have to
     * halt the process when all work is done; 1 where it is not set.
     */
    String EXIT_CODE_PROPERTY = "astropool.exit.code";

    /** For users, with the version, for instance "Open MPI 4.1.4". */
    String description();

    /** This process's number, 0 for the master. */
    int rank();

    /** How many processes there are at the start. */
    int size();

    /** The one thread on which transports of this carrier are used. */
    CommunicationThread thread();

    /**
     * This process's end of the next channel. The n-th call in one process meets the n-th call in the others; frames
     * for a channel that this process has not opened yet are kept until it does. Closed channels are not used again,
     * because frames that are still in transit would be delivered to the next user.
     *
     * @throws IllegalStateException when {@link #MAX_CHANNELS} channels were opened
     */
    Transport openNext();

    /** Ends every process of the job at once, this one included, with a non-zero code. Does not return. */
    void abort(int exitCode, String reason);

    @Override
    void close();
}
