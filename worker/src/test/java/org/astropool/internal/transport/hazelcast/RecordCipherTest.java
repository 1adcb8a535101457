package org.astropool.internal.transport.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordCipherTest {
    private final byte[] key = new byte[32];
    private final RecordCipher sender;
    private final RecordCipher receiver;

    RecordCipherTest() {
        new SecureRandom().nextBytes(key);
        sender = new RecordCipher(key);
        receiver = new RecordCipher(key);
    }

    private byte[] seal(byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(content.length + RecordCipher.OVERHEAD_BYTES);
        sender.seal(ByteBuffer.wrap(content), out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }

    private byte[] open(byte[] record) throws AEADBadTagException {
        ByteBuffer out = ByteBuffer.allocate(RecordCipher.MAX_PLAIN_BYTES);
        ByteBuffer in = ByteBuffer.wrap(record);
        assertThat(RecordCipher.isComplete(in)).isTrue();
        receiver.open(in, out);
        assertThat(in.hasRemaining()).isFalse();
        byte[] content = new byte[out.flip().remaining()];
        out.get(content);
        return content;
    }

    private static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 1000, RecordCipher.MAX_PLAIN_BYTES})
    void aRecordIsOpenedAsItWasSealed(int bytes) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(open(seal(content(bytes)))).isEqualTo(content(bytes));
        }
    }

    @Test
    void theSameContentIsNeverTheSameRecord() {
        assertThat(seal(content(100))).isNotEqualTo(seal(content(100)));
    }

    @Test
    void aRecordThatWasAlteredInAnyBitIsNotOpened() {
        byte[] record = seal(content(40));
        for (int bit = Integer.SIZE; bit < record.length * 8; bit++) {
            byte[] altered = record.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            RecordCipher fresh = new RecordCipher(key);
            assertThatThrownBy(() -> fresh.open(ByteBuffer.wrap(altered), ByteBuffer.allocate(100)))
                    .isInstanceOf(AEADBadTagException.class);
        }
    }

    @Test
    void aRepeatedRecordIsNotOpened() throws Exception {
        byte[] record = seal(content(10));
        open(record);
        assertThatThrownBy(() -> open(record)).isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void aRecordBehindOneThatIsMissingIsNotOpened() {
        seal(content(10));
        byte[] second = seal(content(10));
        assertThatThrownBy(() -> open(second)).isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void aRecordOfAnotherConnectionIsNotOpened() throws Exception {
        ConnectionKeys keys = SecretTest.secret().connectionKeys(new byte[32], new byte[32]);
        byte[] nonce = new byte[32];
        nonce[31] = 1;
        ConnectionKeys others = SecretTest.secret().connectionKeys(nonce, new byte[32]);
        ByteBuffer record = ByteBuffer.allocate(100);
        new RecordCipher(others.toMaster()).seal(ByteBuffer.wrap(content(10)), record);

        assertThatThrownBy(() -> new RecordCipher(keys.toMaster()).open(record.flip(), ByteBuffer.allocate(100)))
                .isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> new RecordCipher(others.toWorker()).open(record.rewind(), ByteBuffer.allocate(100)))
                .as("nor is one of the other direction")
                .isInstanceOf(AEADBadTagException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, RecordCipher.MAX_PLAIN_BYTES + 17})
    void anImpossibleLengthIsRefusedBeforeAnythingIsAwaited(int length) {
        ByteBuffer in = ByteBuffer.allocate(4).putInt(length).flip();
        assertThat(RecordCipher.isComplete(in)).isTrue();
        assertThatThrownBy(() -> receiver.open(in, ByteBuffer.allocate(100)))
                .isInstanceOf(AEADBadTagException.class)
                .hasMessageContaining(String.valueOf(length));
    }
}
