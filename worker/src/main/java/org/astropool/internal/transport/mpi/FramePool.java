package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.transport.FrameTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for frames. Small ones are on the heap: they are copied to and from memory whose address is known, and the
 * garbage collector is faster than any pool. Large ones are direct, in sizes of powers of two, and kept for reuse: a
 * new one costs a system call and is filled with zeros. Those above 16 MiB have any size. Thread-safe. What is kept is
 * bounded for each size.
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

    /** Buffers of more than {@link #LARGEST_KEPT} bytes, of any size. */
    private static final class LargeShelf {
        private static final int UNIT = 1 << 20;

        private final List<ByteBuffer> kept = new ArrayList<>(); // the one that was used last comes last
        private final long memory;
        private long bytes;

        LargeShelf(long memory) {
            this.memory = memory;
        }

        ByteBuffer take(int wanted) {
            ByteBuffer buffer = pop(wanted);
            return buffer == null ? ByteBuffer.allocateDirect((wanted + UNIT - 1) / UNIT * UNIT) : buffer.clear();
        }

        private synchronized @Nullable ByteBuffer pop(int wanted) {
            for (int i = kept.size() - 1; i >= 0; i--) {
                int capacity = kept.get(i).capacity();
                if (capacity >= wanted && capacity / 2 <= wanted) {
                    bytes -= capacity;
                    return kept.remove(i);
                }
            }
            return null;
        }

        synchronized void put(ByteBuffer buffer) {
            if (buffer.capacity() > memory) {
                return;
            }
            kept.add(buffer);
            bytes += buffer.capacity();
            while (bytes > memory) {
                bytes -= kept.remove(0).capacity();
            }
        }
    }

    private final LargeShelf largeShelf;
    private final Shelf[] shelves = new Shelf[shelf(LARGEST_KEPT) + 1];

    /**
     * An empty pool.
     *
     * @param memoryForASize how many bytes of buffers of one size are kept at most (at least one buffer is)
     * @param memoryForLarge how many bytes of all buffers that are larger than these sizes are kept at most
     */
    FramePool(long memoryForASize, long memoryForLarge) {
        largeShelf = new LargeShelf(memoryForLarge);
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
        return bytes <= LARGEST_KEPT ? shelves[shelf(bytes)].take() : largeShelf.take(bytes);
    }

    void release(ByteBuffer buffer) {
        if (buffer.capacity() > LARGEST_KEPT) {
            largeShelf.put(buffer);
        } else if (buffer.capacity() > SMALL) {
            shelves[shelf(buffer.capacity())].put(buffer);
        }
    }

    /** 0 for up to 2 * SMALL bytes, 1 for up to 4 * SMALL, ... */
    private static int shelf(int bytes) {
        return Integer.SIZE - Integer.numberOfLeadingZeros((bytes - 1) / (2 * SMALL));
    }
}
