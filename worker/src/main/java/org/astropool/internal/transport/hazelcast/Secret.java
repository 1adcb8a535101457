package org.astropool.internal.transport.hazelcast;

import at.favre.lib.hkdf.HKDF;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.astropool.internal.transport.CarrierException;

/**
 * Known only to a run's master and workers: the content of a file that only its owner can read. It is never sent, and
 * never on a command line, which all users of a machine can see. Immutable.
 */
public final class Secret {
    private static final int BYTES = 32;
    private static final int SHORTEST_TEXT = 32;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final byte[] key;

    private Secret(byte[] key) {
        this.key = key;
    }

    /**
     * Makes a new one, 32 random bytes in hexadecimal digits, in a new file with mode 0600.
     *
     * @throws CarrierException when the file cannot be written, or is there
     */
    public static Secret create(Path file) throws CarrierException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String text = HexFormat.of().formatHex(random);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
            Files.writeString(file, text + "\n");
            return new Secret(text.getBytes(StandardCharsets.UTF_8));
        } catch (FileAlreadyExistsException e) {
            throw new CarrierException("the secret file " + file + " is there already", e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new CarrierException("the secret file " + file + " cannot be written: " + e, e);
        }
    }

    /**
     * Reads one that {@link #create} or a user has made: at least 32 characters.
     *
     * @throws CarrierException when it cannot be read, is too short, or can be read by others than its owner
     */
    public static Secret read(Path file) throws CarrierException {
        try {
            Set<PosixFilePermission> rights = EnumSet.noneOf(PosixFilePermission.class);
            rights.addAll(Files.getPosixFilePermissions(file));
            String mode = PosixFilePermissions.toString(rights);
            rights.retainAll(OF_OTHERS);
            if (!rights.isEmpty()) {
                throw new CarrierException("the secret file " + file + " has mode " + mode
                        + ", so that users other than its owner can access it; it must be 0600: make a new one, or chmod 600 "
                        + file + " if no one else has read it");
            }
            String text = Files.readString(file).strip();
            if (text.length() < SHORTEST_TEXT) {
                throw new CarrierException(
                        "the secret file " + file + " has " + text.length() + " characters; at least " + SHORTEST_TEXT
                                + " are needed: openssl rand -hex 32 makes a good one");
            }
            return new Secret(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new CarrierException(
                    "there is no secret file " + file + "; the master creates it: copy it from there", e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new CarrierException("the secret file " + file + " cannot be read: " + e, e);
        }
    }

    /**
     * The keys of one connection, by HKDF with HMAC-SHA-256 (RFC 5869).
     *
     * @param workerNonce chosen by the worker for this connection
     * @param masterNonce chosen by the master for this connection
     */
    ConnectionKeys connectionKeys(byte[] workerNonce, byte[] masterNonce) {
        byte[] salt = ByteBuffer.allocate(workerNonce.length + masterNonce.length)
                .put(workerNonce)
                .put(masterNonce)
                .array();
        HKDF hkdf = HKDF.fromHmacSha256();
        byte[] derived = hkdf.extract(salt, key);
        return new ConnectionKeys(
                expand(hkdf, derived, "astropool worker proof"),
                expand(hkdf, derived, "astropool master proof"),
                expand(hkdf, derived, "astropool records to master"),
                expand(hkdf, derived, "astropool records to worker"));
    }

    /** The name of the Hazelcast cluster of this run, so that Hazelcast, too, refuses clients without the secret. */
    String clusterName() {
        HKDF hkdf = HKDF.fromHmacSha256();
        byte[] derived = hkdf.extract((byte[]) null, key);
        return HexFormat.of().formatHex(expand(hkdf, derived, "astropool cluster name"));
    }

    private static byte[] expand(HKDF hkdf, byte[] derived, String purpose) {
        return hkdf.expand(derived, purpose.getBytes(StandardCharsets.US_ASCII), BYTES);
    }
}
