package org.astropool.transport.hazelcast;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104, FIPS 180-4) with one key. Not thread-safe. */
final class Hmac {
    static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    Hmac(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /**
     * Of a label and parts of a fixed length.
     *
     * @param label what the value is for, so that it is good for nothing else
     */
    byte[] of(String label, byte[]... parts) {
        mac.update(label.getBytes(StandardCharsets.US_ASCII));
        mac.update((byte) 0);
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /** Writes that of the bytes before {@code end} to {@code end}. */
    void append(byte[] bytes, int end) {
        mac.update(bytes, 0, end);
        System.arraycopy(mac.doFinal(), 0, bytes, end, BYTES);
    }

    /** Whether the last bytes are those of the bytes before them. */
    boolean endsWell(byte[] bytes) {
        int end = bytes.length - BYTES;
        mac.update(bytes, 0, end);
        byte[] found = java.util.Arrays.copyOfRange(bytes, end, bytes.length);
        return MessageDigest.isEqual(mac.doFinal(), found);
    }

    /** Compares in constant time. */
    static boolean equal(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }
}
