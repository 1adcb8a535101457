package org.astropool.internal.transport.hazelcast;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a worker publishes to the lobby when it has connected.
 *
 * @param session the name of its session, which the worker has chosen at random: 32 hexadecimal digits
 * @param client what Hazelcast calls this worker
 */
record JoinRequest(String session, UUID client) {
    private static final int SESSION_BYTES = 16;
    private static final int BYTES = SESSION_BYTES + 2 * Long.BYTES;

    /** A name that cannot be guessed. */
    static String newSession() {
        byte[] random = new byte[SESSION_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .put(HexFormat.of().parseHex(session))
                .putLong(client.getMostSignificantBits())
                .putLong(client.getLeastSignificantBits())
                .array();
    }

    /** Null for anything else. */
    static @Nullable JoinRequest read(byte[] bytes) {
        if (bytes.length != BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] session = new byte[SESSION_BYTES];
        in.get(session);
        return new JoinRequest(HexFormat.of().formatHex(session), new UUID(in.getLong(), in.getLong()));
    }
}
