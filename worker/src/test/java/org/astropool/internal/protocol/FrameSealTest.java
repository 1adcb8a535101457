package org.astropool.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FrameSealTest {
    private final FrameSeal sender = new FrameSeal();
    private final FrameSeal receiver = new FrameSeal();

    private ByteBuffer sealed(String text) {
        ByteBuffer frame = ByteBuffer.allocate(FrameSeal.BYTES + text.length()).order(ByteOrder.LITTLE_ENDIAN);
        frame.position(FrameSeal.BYTES)
                .put(text.getBytes(StandardCharsets.US_ASCII))
                .flip();
        sender.seal(frame);
        return frame;
    }

    @Test
    void framesInOrderAreOpened() {
        for (int i = 0; i < 3; i++) {
            ByteBuffer frame = sealed("frame " + i);
            assertThat(receiver.open(frame)).isTrue();
            assertThat(StandardCharsets.US_ASCII.decode(frame).toString()).isEqualTo("frame " + i);
        }
    }

    @Test
    void frameThatComesTwiceIsDropped() {
        ByteBuffer frame = sealed("once");
        assertThat(receiver.open(frame.duplicate().order(ByteOrder.LITTLE_ENDIAN)))
                .isTrue();
        assertThat(receiver.open(frame)).isFalse();
        assertThat(receiver.open(sealed("next"))).isTrue();
    }

    @Test
    void gapIsNoticed() {
        sealed("lost");
        ByteBuffer next = sealed("next");
        assertThatThrownBy(() -> receiver.open(next))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("frame 1 was lost");
    }

    @Test
    void everyFlippedBitIsNoticed() {
        ByteBuffer frame = sealed("numbers");
        for (int bit = 0; bit < 8 * frame.limit(); bit++) {
            byte[] damaged = new byte[frame.limit()];
            frame.get(0, damaged);
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> receiver.open(ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN)))
                    .as("bit %d", bit)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("damaged");
        }
        assertThat(receiver.open(frame)).isTrue();
    }

    @Test
    void frameThatIsTooShortIsDamaged() {
        assertThatThrownBy(() -> receiver.open(ByteBuffer.allocate(3).order(ByteOrder.LITTLE_ENDIAN)))
                .isInstanceOf(ProtocolException.class);
    }
}
