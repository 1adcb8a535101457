package org.astropool.internal.journal;

import java.nio.ByteBuffer;

/**
 * The results of consecutive tasks, in a layout chosen by the caller. It is written by another thread some time after
 * it was appended, so it must not change any more.
 */
public interface Payload {
    /** No result: the tasks are to be evaluated again, and their older records do not count. */
    Payload WITHDRAWN = new Payload() {
        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public void write(ByteBuffer out) {
            // it is empty
        }
    };

    /** The number of bytes that {@link #write} puts, 0 to {@link Journal#MAX_PAYLOAD}. */
    int bytes();

    /** Puts exactly {@link #bytes()} bytes into a little-endian buffer. */
    void write(ByteBuffer out);
}
