package org.astropool.internal.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a journal and the thread that empties it: records are written and forced to disk together with all that
 * were appended within 0.1 s (group commit). After a failure nothing more is accepted.
 *
 * <p>All methods may be called by any thread.
 */
final class JournalWriter implements AutoCloseable {
    /** Well below the second of work that a crash may cost, and long enough that a slow disk is not always busy. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path path;
    private final JournalFile file;
    private final AtomicLong backlog;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();
    // All guarded by lock.
    private final List<PendingRecord> pending = new ArrayList<>();
    private long appended;
    private long wanted;
    private long forced;
    private volatile long writingNanos;
    private boolean closing;
    private @Nullable IOException failure;
    private @Nullable Consumer<IOException> listener;

    private JournalWriter(Path path, JournalFile file, AtomicLong backlog) {
        this.path = path;
        this.file = file;
        this.backlog = backlog;
        this.thread = new Thread(this::run, "astropool-journal");
        thread.setDaemon(true);
    }

    /**
     * Starts the thread.
     *
     * @param path is for messages
     * @param file is closed when the thread ends
     * @param backlog the one of the file: the bytes that are queued and not written yet
     */
    static JournalWriter start(Path path, JournalFile file, AtomicLong backlog) {
        JournalWriter writer = new JournalWriter(path, file, backlog);
        writer.thread.start();
        return writer;
    }

    /** See {@link Journal#append}. */
    void append(PendingRecord pendingRecord) {
        lock.lock();
        try {
            if (closing || failure != null) {
                return;
            }
            pending.add(pendingRecord);
            appended++;
            long bytes = backlog.addAndGet(pendingRecord.bytes());
            // The thread waits for a first record, then for a time, or until a write is full.
            if (pending.size() == 1
                    || (bytes >= JournalFile.WRITE_BYTES && bytes - pendingRecord.bytes() < JournalFile.WRITE_BYTES)) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** See {@link Journal#backlogBytes}. */
    long backlogBytes() {
        return backlog.get();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
    private void addWriting(long nanos) {
        writingNanos += nanos;
    }

    /** See {@link Journal#writingSeconds}. */
    double writingSeconds() {
        return writingNanos * 1e-9;
    }

    /** See {@link Journal#flush}. */
    void flush() throws IOException {
        lock.lock();
        try {
            long mine = appended;
            wanted = Math.max(wanted, mine);
            work.signal();
            while (failure == null && forced < mine) {
                progress.await();
            }
            throwFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the journal " + path + " was forced to disk");
        } finally {
            lock.unlock();
        }
    }

    /** See {@link Journal#onFailure}. */
    void onFailure(Consumer<IOException> newListener) {
        IOException before;
        lock.lock();
        try {
            listener = newListener;
            before = failure;
        } finally {
            lock.unlock();
        }
        if (before != null) {
            newListener.accept(before);
        }
    }

    /** See {@link Journal#close}. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        // A listener of failures may call this method as well.
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the records are written first
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private void run() {
        try (file) {
            List<PendingRecord> group = new ArrayList<>();
            long last = awaitGroup(group);
            while (!group.isEmpty()) {
                long begin = System.nanoTime();
                file.write(group);
                file.force();
                addWriting(System.nanoTime() - begin);
                group.clear();
                done(last);
                last = awaitGroup(group);
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            // Errors as well (no memory for a buffer): callers of flush must not wait for ever.
            fail(e);
        }
    }

    /**
     * Takes all that is queued, a moment after its first record was appended, so that a write has many records.
     *
     * @param group empty, to be filled; stays empty when the journal closes
     * @return the number of records ever appended
     */
    private long awaitGroup(List<PendingRecord> group) throws InterruptedException {
        lock.lock();
        try {
            while (pending.isEmpty() && !closing) {
                work.await();
            }
            long nanos = GATHER_NANOS;
            while (nanos > 0 && !closing && wanted <= forced && backlog.get() < JournalFile.WRITE_BYTES) {
                nanos = work.awaitNanos(nanos);
            }
            group.addAll(pending);
            pending.clear();
            return appended;
        } finally {
            lock.unlock();
        }
    }

    private void done(long last) {
        lock.lock();
        try {
            forced = last;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable cause) {
        String reason = cause instanceof IOException ? String.valueOf(cause.getMessage()) : cause.toString();
        IOException failed;
        Consumer<IOException> told;
        lock.lock();
        try {
            failed = new IOException(
                    cause instanceof NoSuchFileException
                            ? "the journal " + path + " was removed, renamed or replaced while it was written"
                            : String.format(
                                    Locale.ROOT,
                                    "the journal %s cannot be written: %s; %,d more bytes were needed; free disk"
                                            + " space, then use --resume",
                                    path,
                                    reason,
                                    backlog.get()),
                    cause);
            backlog.set(0);
            failure = failed;
            told = listener;
            pending.clear();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        if (told != null) {
            told.accept(failed);
        }
    }
}
