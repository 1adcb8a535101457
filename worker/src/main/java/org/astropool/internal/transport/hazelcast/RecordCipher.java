package org.astropool.internal.transport.hazelcast;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One direction of a connection as a sequence of records: the length of what follows (four bytes, big-endian), and up
 * to 32 KiB encrypted and authenticated by AES-256-GCM (NIST SP 800-38D). The number of the record is its nonce, and
 * the key is good for one direction of one connection. So a record that was altered, left out, repeated, reordered or
 * taken from another connection is not opened. Not thread-safe.
 */
final class RecordCipher {
    static final int MAX_PLAIN_BYTES = 1 << 15;

    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    /** What a record adds to its content. */
    static final int OVERHEAD_BYTES = LENGTH_BYTES + TAG_BYTES;

    private static final String ALGORITHM = "AES/GCM/NoPadding";

    private final SecretKeySpec key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private long next;

    /** @param key 32 bytes, for this direction of this connection alone */
    RecordCipher(byte[] key) {
        try {
            this.key = new SecretKeySpec(key, "AES");
            this.cipher = Cipher.getInstance(ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks " + ALGORITHM, e);
        }
    }

    /**
     * Seals one record.
     *
     * @param plain from position to limit, at most {@link #MAX_PLAIN_BYTES}
     * @param out has {@link #OVERHEAD_BYTES} more room than that
     */
    void seal(ByteBuffer plain, ByteBuffer out) {
        try {
            out.putInt(plain.remaining() + TAG_BYTES);
            begin(Cipher.ENCRYPT_MODE);
            cipher.doFinal(plain, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a record could not be encrypted", e);
        }
    }

    /** Whether a whole record, or one that {@link #open} refuses, begins at the position. */
    static boolean isComplete(ByteBuffer in) {
        if (in.remaining() < LENGTH_BYTES) {
            return false;
        }
        int length = in.getInt(in.position());
        return !isPossible(length) || in.remaining() - LENGTH_BYTES >= length;
    }

    private static boolean isPossible(int length) {
        return length >= TAG_BYTES && length <= MAX_PLAIN_BYTES + TAG_BYTES;
    }

    /**
     * Opens a record that {@link #isComplete}.
     *
     * @param out has room for {@link #MAX_PLAIN_BYTES}
     * @throws AEADBadTagException when it is not the next record of this direction; nothing was written then
     */
    void open(ByteBuffer in, ByteBuffer out) throws AEADBadTagException {
        int length = in.getInt();
        if (!isPossible(length)) {
            throw new AEADBadTagException("a record of " + length + " bytes");
        }
        ByteBuffer sealed = in.slice(in.position(), length);
        try {
            begin(Cipher.DECRYPT_MODE);
            cipher.doFinal(sealed, out);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a record could not be decrypted", e);
        }
        in.position(in.position() + length);
    }

    private void begin(int mode) throws GeneralSecurityException {
        ByteBuffer.wrap(nonce).putLong(NONCE_BYTES - Long.BYTES, next);
        next++;
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    }
}
