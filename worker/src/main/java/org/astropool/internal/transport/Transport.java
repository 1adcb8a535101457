package org.astropool.internal.transport;

import java.nio.ByteBuffer;

/**
 * One peer's end of a channel between numbered peers. Peer 0 is the master. Frames between two peers arrive whole,
 * once, and in the order in which they were sent.
 *
 * <p>Except for {@link #acquire} and {@link #release}, every method belongs to the {@link CommunicationThread} of the
 * carrier, and none ever blocks.
 */
public interface Transport extends AutoCloseable {

    /** This peer's number. */
    int self();

    /** How many peers there are at the start, this one included: peers 0 to size - 1. */
    int size();

    /** The largest frame, in bytes. */
    int maxFrameBytes();

    /**
     * An empty little-endian buffer with at least the given capacity, position 0 and limit = capacity, to be filled and
     * sent. From any thread.
     *
     * @throws FrameTooLargeException above {@link #maxFrameBytes}
     */
    ByteBuffer acquire(int bytes);

    /** Gives back an acquired buffer that will not be sent. From any thread. */
    void release(ByteBuffer frame);

    /**
     * Sends the bytes from position to limit and takes the buffer, which must come from {@link #acquire}. The caller
     * must not touch it again. A frame to a peer that is lost, and one sent after {@link #close}, is dropped.
     *
     * @throws IllegalArgumentException for a frame to this peer itself
     */
    void send(int peer, ByteBuffer frame);

    /**
     * Makes progress and delivers what has arrived, a bounded number of frames a call.
     *
     * @return how much was done; 0 when there was nothing to do
     */
    int poll(FrameHandler handler);

    /**
     * Gives up a peer: frames from it are dropped from now on, frames to it too, and it is not reported as lost. If the
     * carrier has started the peer's process, the process is killed.
     *
     * @return whether another peer takes its place
     */
    default boolean expel(int peer) {
        return false;
    }

    /** How many sent frames are still in memory of this peer, waiting to leave. */
    int pendingSends();

    /** Drops what has not left yet and ends this end of the channel. Idempotent. */
    @Override
    void close();
}
