package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.astropool.internal.transport.FrameTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for frames. Small ones are on the heap: they are copied to and from memory whose address is known, and the
 * garbage collector is faster than any pool. Large ones are direct, in sizes of powers of two, and kept for reuse: a
 * new one costs a system call and is filled with zeros. Thread-safe. What is kept is bounded for each size.
 */
final class FramePool {
    static final int MAX_FRAME_BYTES = 1 << 30;

    /** The largest frame on the heap: what MPI libraries copy, too, instead of waiting for the receiver. */
    static final int SMALL = 2048;

    private static final int LARGEST_KEPT = 16 << 20;
    private static final int MAX_KEPT_A_SIZE = 4096;

    /** Last in, first out: the buffer used last is the one that the processor's cache still holds. */
    private static final class Shelf {
        private final int bytes;
        private final @Nullable ByteBuffer[] kept;
        private int count;

        Shelf(int bytes, long memory) {
            this.bytes = bytes;
            this.kept = new ByteBuffer[(int) Math.max(1, Math.min(MAX_KEPT_A_SIZE, memory / bytes))];
        }

        ByteBuffer take() {
            ByteBuffer buffer = pop();
            return buffer == null ? ByteBuffer.allocateDirect(bytes) : buffer.clear();
        }

        private synchronized @Nullable ByteBuffer pop() {
            return count == 0 ? null : kept[--count];
        }

        synchronized void put(ByteBuffer buffer) {
            if (count < kept.length) {
                kept[count++] = buffer;
            }
        }
    }

    private final Shelf[] shelves = new Shelf[shelf(LARGEST_KEPT) + 1];

    /** @param memoryForASize how many bytes of buffers of one size are kept at most (at least one buffer is) */
    FramePool(long memoryForASize) {
        for (int i = 0; i < shelves.length; i++) {
            shelves[i] = new Shelf((2 * SMALL) << i, memoryForASize);
        }
    }

    ByteBuffer acquire(int bytes) {
        if (bytes > MAX_FRAME_BYTES) {
            throw new FrameTooLargeException(bytes, MAX_FRAME_BYTES);
        }
        return buffer(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer buffer(int bytes) {
        if (bytes <= SMALL) {
            return ByteBuffer.allocate(bytes);
        }
        return bytes <= LARGEST_KEPT ? shelves[shelf(bytes)].take() : ByteBuffer.allocateDirect(bytes);
    }

    void release(ByteBuffer buffer) {
        if (buffer.capacity() > SMALL && buffer.capacity() <= LARGEST_KEPT) {
            shelves[shelf(buffer.capacity())].put(buffer);
        }
    }

    /** 0 for up to 2 * SMALL bytes, 1 for up to 4 * SMALL, ... */
    private static int shelf(int bytes) {
        return Integer.SIZE - Integer.numberOfLeadingZeros((bytes - 1) / (2 * SMALL));
    }
}
