package org.astropool.internal.transport.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The keys that are derived from a secret. */
final class SecretTest {
    private static final String TEXT = "0123456789abcdef0123456789abcdef";

    static Secret secret() throws Exception {
        Path file = Files.createTempFile("astropool", ".secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, TEXT + "\n");
        try {
            return Secret.read(file);
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /** RFC 5869, written out for one block of output. */
    @Test
    void keysAreThoseOfHkdf() throws Exception {
        byte[] workerNonce = new byte[32];
        byte[] masterNonce = new byte[32];
        workerNonce[0] = 1;
        masterNonce[0] = 2;
        byte[] salt = new byte[64];
        salt[0] = 1;
        salt[32] = 2;
        byte[] extracted = hmac(salt, TEXT.getBytes(StandardCharsets.US_ASCII));

        ConnectionKeys keys = secret().connectionKeys(workerNonce, masterNonce);

        byte[] one = {1};
        assertThat(keys.workerProof())
                .isEqualTo(hmac(extracted, "astropool worker proof".getBytes(StandardCharsets.US_ASCII), one));
        assertThat(keys.masterProof())
                .isEqualTo(hmac(extracted, "astropool master proof".getBytes(StandardCharsets.US_ASCII), one));
        assertThat(keys.toMaster())
                .isEqualTo(hmac(extracted, "astropool records to master".getBytes(StandardCharsets.US_ASCII), one));
        assertThat(keys.toWorker())
                .isEqualTo(hmac(extracted, "astropool records to worker".getBytes(StandardCharsets.US_ASCII), one));
    }

    @Test
    void noTwoKeysAreTheSameAndNoneIsTheSecretOrTheNameOfTheCluster() throws Exception {
        Set<String> seen = new HashSet<>();
        seen.add(secret().clusterName());
        seen.add(TEXT);
        for (byte i = 0; i < 3; i++) {
            ConnectionKeys keys = secret().connectionKeys(new byte[] {i}, new byte[] {1});
            for (byte[] key : List.of(keys.workerProof(), keys.masterProof(), keys.toMaster(), keys.toWorker())) {
                assertThat(seen.add(HexFormat.of().formatHex(key))).isTrue();
            }
        }
    }
}
