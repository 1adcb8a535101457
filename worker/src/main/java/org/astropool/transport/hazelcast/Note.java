package org.astropool.transport.hazelcast;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is said before there is a session. A worker says {@link Hello}; the master answers {@link Challenge}, whose nonce
 * makes a replayed Hello useless; the worker answers {@link Proof}. Each carries an HMAC of the secret over a label and
 * both nonces. From both nonces the keys of the session's two directions are derived.
 */
sealed interface Note {
    byte FRAME = 0;
    byte HELLO = 1;
    byte CHALLENGE = 2;
    byte PROOF = 3;
    byte REFUSAL = 4;

    int NONCE_BYTES = 16;
    int MAX_REASON = 1_000;

    /** Worker to master; {@code client} is what Hazelcast calls it. */
    record Hello(byte[] nonce, UUID client, byte[] proof) implements Note {
        static Hello of(byte[] nonce, UUID client, Secret secret) {
            return new Hello(nonce, client, expected(nonce, client, secret));
        }

        boolean knows(Secret secret) {
            return Hmac.equal(proof, expected(nonce, client, secret));
        }

        private static byte[] expected(byte[] nonce, UUID client, Secret secret) {
            return secret.hmac().of("hello", nonce, uuidBytes(client));
        }
    }

    /** Master to worker. */
    record Challenge(byte[] nonce, byte[] proof) implements Note {
        static Challenge of(byte[] workerNonce, byte[] nonce, Secret secret) {
            return new Challenge(nonce, secret.hmac().of("challenge", workerNonce, nonce));
        }

        boolean knows(byte[] workerNonce, Secret secret) {
            return Hmac.equal(proof, secret.hmac().of("challenge", workerNonce, nonce));
        }
    }

    /** Worker to master; {@code nonce} is that of its {@link Hello}. */
    record Proof(byte[] nonce, byte[] proof) implements Note {
        static Proof of(byte[] nonce, byte[] masterNonce, Secret secret) {
            return new Proof(nonce, secret.hmac().of("proof", nonce, masterNonce));
        }

        boolean knows(byte[] masterNonce, Secret secret) {
            return Hmac.equal(proof, secret.hmac().of("proof", nonce, masterNonce));
        }
    }

    /** Master to worker; from anybody, as the two have no secret in common. */
    record Refusal(String reason) implements Note {}

    static byte[] newNonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        return nonce;
    }

    static String name(byte[] nonce) {
        return HexFormat.of().formatHex(nonce);
    }

    private static byte[] uuidBytes(UUID uuid) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    default byte[] bytes() {
        if (this instanceof Hello m) {
            return join(HELLO, m.nonce, uuidBytes(m.client), m.proof);
        } else if (this instanceof Challenge m) {
            return join(CHALLENGE, m.nonce, m.proof);
        } else if (this instanceof Proof m) {
            return join(PROOF, m.nonce, m.proof);
        } else {
            return join(REFUSAL, ((Refusal) this).reason.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] join(byte type, byte[]... parts) {
        int size = 1;
        for (byte[] part : parts) {
            size += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(size).put(type);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** Null for anything else. */
    static @Nullable Note read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
        byte type = bytes.length == 0 ? FRAME : in.get();
        if (type == HELLO && in.remaining() == NONCE_BYTES + 2 * Long.BYTES + Hmac.BYTES) {
            return new Hello(take(in, NONCE_BYTES), new UUID(in.getLong(), in.getLong()), take(in, Hmac.BYTES));
        }
        if (type == CHALLENGE && in.remaining() == NONCE_BYTES + Hmac.BYTES) {
            return new Challenge(take(in, NONCE_BYTES), take(in, Hmac.BYTES));
        }
        if (type == PROOF && in.remaining() == NONCE_BYTES + Hmac.BYTES) {
            return new Proof(take(in, NONCE_BYTES), take(in, Hmac.BYTES));
        }
        if (type == REFUSAL && in.remaining() <= MAX_REASON) {
            return new Refusal(new String(take(in, in.remaining()), StandardCharsets.UTF_8));
        }
        return null;
    }

    private static byte[] take(ByteBuffer in, int bytes) {
        byte[] taken = new byte[bytes];
        in.get(taken);
        return taken;
    }
}
