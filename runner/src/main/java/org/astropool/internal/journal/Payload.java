package org.astropool.internal.journal;

import java.nio.ByteBuffer;

/**
 * The results of consecutive tasks, as their owner lays them out. It is written some time after it was appended, by
 * another thread, so it must not change any more.
 */
public interface Payload {

    /** The number of bytes that {@link #write} puts, 0 to {@link Journal#MAX_PAYLOAD}. */
    int bytes();

    /** Puts exactly {@link #bytes()} bytes into a little-endian buffer. */
    void write(ByteBuffer out);
}
