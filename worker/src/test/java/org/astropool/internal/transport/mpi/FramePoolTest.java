package org.astropool.internal.transport.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FramePoolTest {
    private static final int KEPT = 1 << 20;
    private static final int KEPT_LARGE = 64 << 20;

    private final FramePool pool = new FramePool(KEPT, KEPT_LARGE);

    @ParameterizedTest
    @ValueSource(ints = {2049, 4096, 4097, 1 << 20, (1 << 24) - 1, 1 << 24, (1 << 24) + 1, 33 << 20})
    void largeBuffersAreUsedAgain(int bytes) {
        ByteBuffer buffer = pool.acquire(bytes);
        buffer.position(5).limit(10).order(ByteOrder.BIG_ENDIAN);
        pool.release(buffer);
        ByteBuffer again = pool.acquire(bytes);
        assertThat(again).isSameAs(buffer);
        assertThat(again.position()).isZero();
        assertThat(again.limit()).isEqualTo(again.capacity()).isGreaterThanOrEqualTo(bytes);
        assertThat(again.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void largeBuffersServeFramesOfOtherSizes() {
        ByteBuffer buffer = pool.acquire(40 << 20);
        pool.release(buffer);
        assertThat(pool.acquire(1 + (40 << 20))).isNotSameAs(buffer);
        assertThat(pool.acquire((20 << 20) - 1)).as("less than half").isNotSameAs(buffer);
        assertThat(pool.acquire(30 << 20)).isSameAs(buffer);
    }

    @Test
    void ofLargeBuffersThoseUsedLastAreKept() {
        ByteBuffer first = pool.acquire(30 << 20);
        ByteBuffer second = pool.acquire(40 << 20);
        ByteBuffer tooLarge = pool.acquire(1 + KEPT_LARGE);
        pool.release(first);
        pool.release(second);
        pool.release(tooLarge);
        assertThat(pool.acquire(40 << 20)).isSameAs(second);
        assertThat(pool.acquire(30 << 20)).isNotSameAs(first);
        assertThat(pool.acquire(1 + KEPT_LARGE)).isNotSameAs(tooLarge);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2048})
    void smallBuffersAreOnTheHeap(int bytes) {
        assertThat(pool.acquire(bytes).isDirect()).isFalse();
        assertThat(pool.acquire(2049).isDirect()).isTrue();
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // the very same buffer
    void onlyTheMemoryThatIsAllowedIsKept() {
        int size = 1 << 16;
        List<ByteBuffer> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(pool.acquire(size));
        }
        many.forEach(pool::release);
        int reused = 0;
        for (int i = 0; i < 100; i++) {
            ByteBuffer next = pool.acquire(size);
            reused += many.stream().anyMatch(buffer -> buffer == next) ? 1 : 0;
        }
        assertThat(reused).isEqualTo(KEPT / size);
    }
}
