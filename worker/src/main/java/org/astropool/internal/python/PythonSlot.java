package org.astropool.internal.python;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The worker process of an evaluation thread, and the requests that the thread expects. A function that runs in every
 * process uses it from another thread, between two requests: whoever uses it holds its lock.
 */
final class PythonSlot {
    private static final List<PythonSlot> SLOTS = new ArrayList<>(); // guarded by itself
    private static final ThreadLocal<PythonSlot> OF_THREAD = ThreadLocal.withInitial(PythonSlot::claimed);

    private final int number;
    private final ReentrantLock lock =
            new ReentrantLock(true); // fair: a thread that has much to do leaves room for others
    private @Nullable Thread owner; // guarded by SLOTS; null while no thread needs it
    private @Nullable PythonProcess process;
    private List<byte[]> expected = List.of();
    private long firstExpected;

    private PythonSlot(int number) {
        this.number = number;
    }

    /** The slot of the calling thread. */
    static PythonSlot ofThread() {
        return OF_THREAD.get();
    }

    private static PythonSlot claimed() {
        synchronized (SLOTS) {
            PythonSlot free = SLOTS.stream()
                    .filter(slot -> slot.owner == null)
                    .findFirst()
                    .orElseGet(PythonSlot::added);
            free.owner = Thread.currentThread();
            return free;
        }
    }

    private static PythonSlot added() {
        PythonSlot slot = new PythonSlot(SLOTS.size());
        SLOTS.add(slot);
        return slot;
    }

    /** The slots of all evaluation threads, of which there are at least so many: some may not have begun. */
    static List<PythonSlot> all(int atLeast) {
        synchronized (SLOTS) {
            List<PythonSlot> slots = new ArrayList<>();
            for (PythonSlot slot : SLOTS) {
                Thread thread = slot.owner;
                if (thread == null || thread.isAlive()) {
                    slots.add(slot);
                }
            }
            while (slots.size() < atLeast) {
                slots.add(added());
            }
            return slots;
        }
    }

    void lock() {
        lock.lock();
    }

    void lockInterruptibly() throws InterruptedException {
        lock.lockInterruptibly();
    }

    void unlock() {
        lock.unlock();
    }

    /** The requests that come next. */
    void expect(List<byte[]> inputs, long firstIndex) {
        expected = inputs;
        firstExpected = firstIndex;
        PythonProcess known = process;
        if (known != null && known.isUsable()) {
            known.discardAnswers(); // of a chunk that was withdrawn
        }
    }

    /** A request that comes next; null if there is none, or if it is not needed any more or cannot be read. */
    byte @Nullable [] expected(long index) {
        long position = index - firstExpected;
        if (position < 0 || position >= expected.size()) {
            return null;
        }
        try {
            return expected.get((int) position);
        } catch (RuntimeException e) {
            return null; // it fails when it is its turn
        }
    }

    /**
     * The process, which is started if there is none that can be used.
     *
     * @throws PythonLostException when it cannot be started
     */
    PythonProcess process(PythonSettings settings, List<PythonObject> initializer, int worker)
            throws PythonLostException {
        PythonProcess known = process;
        if (known != null && known.settings().session() != settings.session()) {
            known.close();
            known = null;
        }
        if (known != null && !known.isUsable()) {
            known.kill();
            known = null;
        }
        if (known == null) {
            process = null;
            known = new PythonProcess(settings, initializer, worker + "." + number);
            process = known;
        }
        return known;
    }
}
