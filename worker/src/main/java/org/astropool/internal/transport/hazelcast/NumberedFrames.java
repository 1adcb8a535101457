package org.astropool.internal.transport.hazelcast;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a session: frames with a number and their channel. Hazelcast drops messages when a queue is full; a
 * gap in the numbers shows it. Not thread-safe.
 */
final class NumberedFrames {
    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

    private long next;

    /** @param missing how many frames before this one were lost */
    record Opened(int channel, ByteBuffer frame, long missing) {}

    /** The payload from position to limit, behind the next number. */
    byte[] pack(int channel, ByteBuffer payload) {
        byte[] bytes = new byte[HEADER_BYTES + payload.remaining()];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(next)
                .putInt(channel)
                .put(payload);
        next++;
        return bytes;
    }

    /** Null for anything that is not a frame, or was received before. */
    @Nullable
    Opened open(byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long number = in.getLong();
        if (number < next) {
            return null;
        }
        long missing = number - next;
        next = number + 1;
        int channel = in.getInt();
        return new Opened(channel, in.slice().order(ByteOrder.LITTLE_ENDIAN), missing);
    }
}
