package org.astropool.internal.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who holds the lock of an output directory, seen from outside. What is not known is an empty string.
 *
 * @param host where its process runs
 * @param pid the number of the process there
 * @param job the batch system's, such as {@code Slurm job 4711}
 * @param started when the lock was taken, by that host's clock, as ISO 8601
 * @param silence since its last sign of life, by this host's clock; at least 0
 * @param whyGone why it does not run any more; empty if it does, or if that is unknown
 */
public record LockHolder(
        String host, String pid, String job, String started, Duration silence, Optional<String> whyGone) {

    /**
     * Looks at a lock and changes nothing.
     *
     * @return empty when it is not held
     * @throws IOException when the lock is there and cannot be read
     */
    public static Optional<LockHolder> of(Path lock) throws IOException {
        return of(lock, Liveness.standard());
    }

    static Optional<LockHolder> of(Path lock, Liveness liveness) throws IOException {
        try {
            LockOwner owner = LockOwner.read(lock);
            Optional<String> ended = liveness.whyEnded(owner, lock);
            Duration silence = silenceOf(lock);
            return Optional.of(new LockHolder(
                    owner.host(),
                    owner.pid(),
                    owner.job(),
                    owner.started(),
                    silence,
                    ended.isPresent() ? ended : liveness.whySilent(silence)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the lock " + lock + " was being read");
        }
    }

    /** By the clock of this host: the clock of the file system can only be read by processes that may write to it. */
    private static Duration silenceOf(Path lock) throws IOException {
        Instant now = Instant.now();
        // Opening it makes an NFS client ask the server; otherwise it may show a time that it has cached for a minute.
        FileChannel.open(lock, StandardOpenOption.READ).close();
        Duration silence = Duration.between(Files.getLastModifiedTime(lock).toInstant(), now);
        return silence.isNegative() ? Duration.ZERO : silence;
    }

    public boolean isRunning() {
        return whyGone.isEmpty();
    }

    /** For users. */
    @Override
    public String toString() {
        return new LockOwner("", host, pid, "", job, started).toString();
    }
}
