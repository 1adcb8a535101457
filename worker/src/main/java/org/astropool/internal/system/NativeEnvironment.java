package org.astropool.internal.system;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * The environment as the C library keeps it. MPI libraries change it with {@code setenv} while they are initialised,
 * which moves the array of its variables in memory. A thread that reads the array meanwhile, as the start of a process
 * does, fails with "Bad address" or reads released memory. So readers wait for changes to end, and changes for readers.
 * Java's own copy ({@link System#getenv()}) is not affected. Thread-safe.
 */
public final class NativeEnvironment {
    private static final ReadWriteLock LOCK = new ReentrantReadWriteLock();

    private NativeEnvironment() {}

    /**
     * Starts a process while the environment is not being changed. All processes of astropool are started by this
     * method.
     *
     * @throws IOException as {@link ProcessBuilder#start}; when this thread is interrupted while it waits for a change
     *     to end, an {@link InterruptedIOException}
     */
    public static Process start(ProcessBuilder builder) throws IOException {
        if (!LOCK.readLock().tryLock()) { // which no earlier interrupt disturbs
            try {
                LOCK.readLock().lockInterruptibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while MPI was being initialised");
            }
        }
        try {
            return builder.start();
        } finally {
            LOCK.readLock().unlock();
        }
    }

    /** Does something that changes the environment natively. Meanwhile no process is started. */
    public static <T> T change(Supplier<T> change) {
        LOCK.writeLock().lock();
        try {
            return change.get();
        } finally {
            LOCK.writeLock().unlock();
        }
    }
}
