package org.astropool.internal.transport.hazelcast;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first four messages of a connection. Both sides prove that they know the run's {@link Secret} before a byte
 * reaches Hazelcast, and derive the keys of this connection from it and from a nonce of each side.
 *
 * <pre>
 *   worker   magic, version, worker's nonce     42 bytes
 *   master   1, master's nonce                  33 bytes, as all of the master's messages
 *   worker   worker's proof                     32 bytes
 *   master   2, master's proof
 * </pre>
 *
 * Instead of its messages the master may send 0 and the number of a {@link Refusal}. A proof is a key that only the two
 * sides can derive, so a recorded one is useless. The worker proves itself first: a stranger who connects to a master
 * learns nothing that a guessed secret could be tested with.
 *
 * <p>Not thread-safe.
 */
final class Handshake {
    static final int NONCE_BYTES = 32;

    private static final byte VERSION = 1;
    private static final byte[] MAGIC = "astropool".getBytes(StandardCharsets.US_ASCII);
    private static final int HELLO_BYTES = MAGIC.length + 1 + NONCE_BYTES;
    private static final int ANSWER_BYTES = 1 + NONCE_BYTES;

    /** No message is longer. */
    static final int MAX_MESSAGE_BYTES = HELLO_BYTES;

    private static final byte REFUSED = 0;
    private static final byte NONCE = 1;
    private static final byte PROOF = 2;

    private static final byte[] NOTHING = {};

    /** Why a master refuses a connection. Its number is sent. */
    enum Refusal {
        NO_WORKER("it did not begin as a worker of astropool does"),
        OTHER_VERSION("it uses another version of the protocol; all processes of a run must have the same release"),
        OTHER_SECRET("it has another secret than this run");

        private final String reason;

        Refusal(String reason) {
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /** The handshake has failed; the connection is to be closed. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        private final transient byte[] lastMessage;
        private final @Nullable Refusal refusal;

        private FailedException(String message, byte[] lastMessage, @Nullable Refusal refusal) {
            super(message);
            this.lastMessage = lastMessage;
            this.refusal = refusal;
        }

        /** What the other side is to be told before the connection is closed; may be empty. */
        byte[] lastMessage() {
            return lastMessage;
        }

        /** A refusal that both sides know; null when the message was malformed. */
        @Nullable
        Refusal refusal() {
            return refusal;
        }
    }

    private final Secret secret;
    private final boolean master;
    private final byte[] ownNonce = new byte[NONCE_BYTES];
    private @Nullable ConnectionKeys keys;
    private boolean proven;

    private Handshake(Secret secret, boolean master) {
        this.secret = secret;
        this.master = master;
        new SecureRandom().nextBytes(ownNonce);
    }

    static Handshake ofMaster(Secret secret) {
        return new Handshake(secret, true);
    }

    static Handshake ofWorker(Secret secret) {
        return new Handshake(secret, false);
    }

    /** What this side sends first: the worker's first message; nothing from the master. */
    byte[] opening() {
        if (master) {
            return NOTHING;
        }
        return ByteBuffer.allocate(HELLO_BYTES)
                .put(MAGIC)
                .put(VERSION)
                .put(ownNonce)
                .array();
    }

    /**
     * Takes the next message, if all of it is there.
     *
     * @param in from position to limit; a message is taken whole or not at all
     * @return what to send now; empty where nothing is to be said
     * @throws FailedException when the other side refuses, or does not know the secret
     */
    byte[] take(ByteBuffer in) throws FailedException {
        if (proven) {
            throw new IllegalStateException("the handshake is over");
        }
        if (master) {
            return keys == null ? takeHello(in) : takeProof(in, keys);
        }
        return takeAnswer(in);
    }

    /** The keys of the connection, once both sides have proven themselves; null before. */
    @Nullable
    ConnectionKeys keys() {
        return proven ? keys : null;
    }

    private byte[] takeHello(ByteBuffer in) throws FailedException {
        byte[] seen = peek(in, Math.min(in.remaining(), HELLO_BYTES));
        int common = Math.min(seen.length, MAGIC.length);
        if (!Arrays.equals(seen, 0, common, MAGIC, 0, common)) {
            throw refuse(Refusal.NO_WORKER);
        }
        if (seen.length > MAGIC.length && seen[MAGIC.length] != VERSION) {
            throw refuse(Refusal.OTHER_VERSION);
        }
        if (seen.length < HELLO_BYTES) {
            return NOTHING;
        }
        in.position(in.position() + HELLO_BYTES);
        keys = secret.connectionKeys(Arrays.copyOfRange(seen, MAGIC.length + 1, HELLO_BYTES), ownNonce);
        return answer(NONCE, ownNonce);
    }

    private byte[] takeProof(ByteBuffer in, ConnectionKeys derived) throws FailedException {
        if (in.remaining() < NONCE_BYTES) {
            return NOTHING;
        }
        byte[] proof = new byte[NONCE_BYTES];
        in.get(proof);
        if (!MessageDigest.isEqual(proof, derived.workerProof())) {
            throw refuse(Refusal.OTHER_SECRET);
        }
        proven = true;
        return answer(PROOF, derived.masterProof());
    }

    private byte[] takeAnswer(ByteBuffer in) throws FailedException {
        if (in.remaining() < ANSWER_BYTES) {
            return NOTHING;
        }
        byte type = in.get();
        byte[] content = new byte[NONCE_BYTES];
        in.get(content);
        ConnectionKeys derived = keys;
        if (type == REFUSED && content[0] >= 0 && content[0] < Refusal.values().length) {
            Refusal refusal = Refusal.values()[content[0]];
            throw new FailedException(refusal.reason(), NOTHING, refusal);
        }
        if (type == NONCE && derived == null) {
            keys = secret.connectionKeys(ownNonce, content);
            return keys.workerProof();
        }
        if (type == PROOF && derived != null && MessageDigest.isEqual(content, derived.masterProof())) {
            proven = true;
            return NOTHING;
        }
        throw new FailedException("the process that listens there does not know the secret of this run", NOTHING, null);
    }

    private static FailedException refuse(Refusal refusal) {
        byte[] content = new byte[NONCE_BYTES];
        content[0] = (byte) refusal.ordinal();
        return new FailedException(refusal.reason(), answer(REFUSED, content), refusal);
    }

    private static byte[] answer(byte type, byte[] content) {
        return ByteBuffer.allocate(ANSWER_BYTES).put(type).put(content).array();
    }

    private static byte[] peek(ByteBuffer in, int bytes) {
        byte[] seen = new byte[bytes];
        in.duplicate().get(seen);
        return seen;
    }
}
