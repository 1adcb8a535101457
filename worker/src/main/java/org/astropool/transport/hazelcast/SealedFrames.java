package org.astropool.transport.hazelcast;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a session: frames that are numbered and carry an {@link Hmac}, so that an altered or a foreign one, and
 * one that came before, is known. Not thread-safe.
 */
final class SealedFrames {
    private static final int HEADER_BYTES = Byte.BYTES + Long.BYTES + Integer.BYTES;

    private final Hmac hmac;
    private long next;

    /** @param key of this session and direction alone */
    SealedFrames(byte[] key) {
        this.hmac = new Hmac(key);
    }

    /** @param missing how many frames before this one never came */
    record Opened(int channel, ByteBuffer frame, long missing) {}

    /** The payload from position to limit, sealed with the next number. */
    byte[] seal(int channel, ByteBuffer payload) {
        byte[] bytes = new byte[HEADER_BYTES + payload.remaining() + Hmac.BYTES];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(Note.FRAME)
                .putLong(next)
                .putInt(channel)
                .put(payload);
        next++;
        hmac.append(bytes, bytes.length - Hmac.BYTES);
        return bytes;
    }

    /** Null for one that is not genuine, or came before. */
    @Nullable
    Opened open(byte[] bytes) {
        if (bytes.length < HEADER_BYTES + Hmac.BYTES || bytes[0] != Note.FRAME || !hmac.endsWell(bytes)) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, bytes.length - Hmac.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        in.get();
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
