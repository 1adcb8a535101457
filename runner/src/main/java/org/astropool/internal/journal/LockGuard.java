package org.astropool.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Held for the moment in which a lock is judged, taken or released, so that of two processes that find the same dead
 * owner one wins, and the other sees the winner. A file beside the lock that only one process can create, on any file
 * system.
 */
final class LockGuard implements AutoCloseable {
    private static final long PAUSE_NANOS = 50_000_000;

    private final Path file;
    private final LockOwner me;

    private LockGuard(Path file, LockOwner me) {
        this.file = file;
        this.me = me;
    }

    /** @throws RunLockedException when another holds it for longer than the patience */
    static LockGuard enter(Path lock, LockOwner me, Liveness liveness, Duration patience)
            throws IOException, InterruptedException, RunLockedException {
        Path file = lock.resolveSibling(lock.getFileName() + ".guard");
        long begin = System.nanoTime();
        while (!create(file, me)) {
            LockOwner holder = removeIfGone(file, me, liveness);
            if (System.nanoTime() - begin > patience.toNanos()) {
                throw new RunLockedException(
                        holder + ", is just taking or releasing " + lock + "; try again, or end it first");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return new LockGuard(file, me);
    }

    private static boolean create(Path file, LockOwner me) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer text = me.encode(0);
            while (text.hasRemaining()) {
                out.write(text);
            }
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Removes the guard of a process that has ended while it held it. */
    private static LockOwner removeIfGone(Path file, LockOwner me, Liveness liveness)
            throws IOException, InterruptedException {
        try {
            LockOwner holder = LockOwner.read(file);
            if (liveness.whyGone(holder, file).isPresent()) {
                // Renamed first, so that a guard that another process has created meanwhile is put back instead of
                // deleted.
                Path aside = file.resolveSibling(file.getFileName() + "." + me.token());
                Files.move(file, aside);
                try {
                    if (!LockOwner.read(aside).equals(holder)) {
                        Files.move(aside, file);
                    }
                } finally {
                    Files.deleteIfExists(aside);
                }
            }
            return holder;
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            return LockOwner.UNKNOWN; // it has changed meanwhile
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (LockOwner.read(file).token().equals(me.token())) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // this process was taken for dead, because it was stopped for too long
        }
    }
}
