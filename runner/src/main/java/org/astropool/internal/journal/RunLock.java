package org.astropool.internal.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of an output directory: a small text file with its owner and a heartbeat, in addition to a lock of the file
 * system where that is supported.
 *
 * <p>A lock is taken over when its owner's process on this host has ended, when its Slurm job has ended, or when it has
 * been silent for 60 s. An owner that was only stopped notices at its next heartbeat. Its heartbeat never reaches the
 * new lock, which is another file under the same name.
 *
 * <p>All methods may be called by any thread.
 */
public final class RunLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
    /** Longer than a query of Slurm and a hanging file lock may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration PATIENCE_AT_THE_END = Duration.ofMillis(500);

    private final Path file;
    private final LockOwner me;
    private final Liveness liveness;
    private final FileChannel channel;
    private final @Nullable Object fileKey;
    private final Optional<String> takenOver;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean lost;
    private @Nullable Runnable listener;

    private RunLock(
            Path file,
            LockOwner me,
            Liveness liveness,
            FileChannel channel,
            @Nullable Object fileKey,
            Optional<String> takenOver) {
        this.file = file;
        this.me = me;
        this.liveness = liveness;
        this.channel = channel;
        this.takenOver = takenOver;
        this.fileKey = fileKey;
        this.thread = new Thread(this::beat, "astropool-lock");
        thread.setDaemon(true);
    }

    /**
     * Takes the lock. Makes the folder that it needs.
     *
     * @param file the lock
     * @param environment the variables of this process, for the job that it belongs to
     * @throws RunLockedException when another run holds it
     * @throws IOException when the file system fails
     */
    public static RunLock acquire(Path file, Map<String, String> environment) throws RunLockedException, IOException {
        return acquire(file, environment, Liveness.standard());
    }

    static RunLock acquire(Path file, Map<String, String> environment, Liveness liveness)
            throws RunLockedException, IOException {
        Path lock = file.toAbsolutePath();
        Files.createDirectories(lock.resolveSibling("."));
        LockOwner me = LockOwner.thisProcess(liveness.host(), environment);
        try (LockGuard guard = LockGuard.enter(lock, me, liveness, PATIENCE)) {
            Optional<String> takenOver = judge(lock, liveness);
            removeLeftovers(lock);
            RunLock taken = install(lock, me, liveness, takenOver);
            taken.thread.start();
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the lock " + file + " was taken");
        }
    }

    private static Optional<String> judge(Path lock, Liveness liveness)
            throws IOException, InterruptedException, RunLockedException {
        try {
            LockOwner owner = LockOwner.read(lock);
            Optional<String> why = liveness.whyGone(owner, lock);
            if (why.isEmpty()) {
                throw new RunLockedException(owner + ", holds " + lock + "; its last sign of life was "
                        + Math.max(0, liveness.silenceOf(lock).toSeconds())
                        + " s ago; wait for it, end it, or use another --out (after "
                        + liveness.silence().toSeconds() + " s of silence its lock is taken over)");
            }
            return Optional.of("took over the lock of " + owner + ": " + why.get());
        } catch (NoSuchFileException free) {
            return Optional.empty();
        }
    }

    /**
     * Removes the files of processes that were killed while they took the lock. Only the holder of the guard does this.
     */
    private static void removeLeftovers(Path lock) throws IOException {
        String name = String.valueOf(lock.getFileName());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(lock.resolveSibling("."), name + ".*")) {
            for (Path file : files) {
                if (!String.valueOf(file.getFileName()).startsWith(name + ".guard")) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static RunLock install(Path lock, LockOwner me, Liveness liveness, Optional<String> takenOver)
            throws IOException, InterruptedException {
        Path candidate = lock.resolveSibling(lock.getFileName() + "." + me.token());
        FileChannel channel = FileChannel.open(candidate, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            write(channel, me.encode(0));
            // The lock of the file system helps others to see that this process is alive. Without it there is only the
            // heartbeat.
            if (FileLocks.take(channel) != FileLocks.Answer.TAKEN) {
                LOG.debug("no file lock on {}", lock);
            }
            Object fileKey = fileKey(candidate);
            Files.move(candidate, lock, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new RunLock(lock, me, liveness, channel, fileKey, takenOver);
        } catch (IOException | InterruptedException e) {
            channel.close();
            Files.deleteIfExists(candidate);
            throw e;
        }
    }

    /** A message for the user when the lock of an earlier run was taken over. */
    public Optional<String> takenOver() {
        return takenOver;
    }

    /**
     * Sets the listener that is told, once, that the lock is no longer this run's: by the heartbeat thread, or by this
     * call when that is known already. From then on this run must write nothing more.
     */
    public void onLost(Runnable newListener) {
        boolean now;
        synchronized (this) {
            listener = newListener;
            now = lost;
        }
        if (now) {
            newListener.run();
        }
    }

    /** Asks the file system whether the lock is still this run's. True also when it does not answer. */
    public boolean isHeld() {
        try {
            // Not by reading the file: closing it again would end the file lock of this process.
            Object now = fileKey(file);
            return (now != null && fileKey != null)
                    ? now.equals(fileKey)
                    : LockOwner.read(file).token().equals(me.token());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            LOG.warn("the lock {} cannot be checked: {}", file, e.toString());
            return true;
        }
    }

    /** Whether there is no lock any more: it, or a folder above it, was removed or renamed. */
    public boolean isGone() {
        return Files.notExists(file);
    }

    private static @Nullable Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private void beat() {
        long heartbeat = 0;
        try {
            while (!closing.await(liveness.heartbeat().toNanos(), TimeUnit.NANOSECONDS)) {
                if (!isHeld()) {
                    tellLost();
                    return;
                }
                heartbeat++;
                try {
                    write(channel, me.encode(heartbeat));
                } catch (IOException e) {
                    // A stale file handle, among others: the file has been replaced, and its number used again.
                    if (!readsMine()) {
                        tellLost();
                        return;
                    }
                    LOG.warn("the lock {} cannot be renewed: {}", file, e.toString());
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("the lock {} is not renewed any more: its thread was interrupted", file);
        }
    }

    private boolean readsMine() {
        try {
            return LockOwner.read(file).token().equals(me.token());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void tellLost() {
        Runnable told;
        synchronized (this) {
            lost = true;
            told = listener;
        }
        LOG.warn(isGone() ? "the lock {} was removed" : "another run has taken {} over", file);
        if (told != null) {
            told.run();
        }
    }

    /** Overwrites the same bytes, which needs no space on a full disk. */
    private static void write(FileChannel channel, ByteBuffer text) throws IOException {
        while (text.hasRemaining()) {
            channel.write(text, text.position());
        }
        channel.force(false);
    }

    /** Ends the heartbeat and removes the file, if it is still this run's. May be called again. */
    @Override
    public void close() throws IOException {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        try (channel;
                LockGuard guard = LockGuard.enter(file, me, liveness, PATIENCE_AT_THE_END)) {
            if (isHeld()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // its folder was removed, and the lock with it
        } catch (RunLockedException e) {
            LOG.warn("the lock {} stays until another run takes it over: {}", file, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
