package org.astropool.internal.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Judges whether the owner of a lock file has ended.
 *
 * @param host this one
 * @param heartbeat how often a living owner rewrites its file
 * @param silence after which it counts as ended
 * @param squeue the command that asks Slurm
 */
record Liveness(String host, Duration heartbeat, Duration silence, List<String> squeue) {

    static Liveness standard() {
        return new Liveness(LockOwner.thisHost(), Duration.ofSeconds(10), Duration.ofSeconds(60), List.of("squeue"));
    }

    /** Why the owner has ended; empty if it has not, or if that is unknown. */
    Optional<String> whyGone(LockOwner owner, Path file) throws IOException, InterruptedException {
        Optional<String> ended = whyEnded(owner, file);
        return ended.isPresent() ? ended : whySilent(silenceOf(file));
    }

    /** As far as its process and its job show, regardless of its heartbeat. Needs no permission to write. */
    Optional<String> whyEnded(LockOwner owner, Path file) throws IOException, InterruptedException {
        // The file lock: two containers may have the same host name, and do not see each other's processes.
        if (owner.host().equals(host) && !processLives(owner) && !FileLocks.isHeld(file)) {
            return Optional.of("that process has ended");
        }
        if (owner.job().startsWith(LockOwner.SLURM)
                && new SlurmQueue(squeue).hasEnded(owner.job().substring(LockOwner.SLURM.length()))) {
            return Optional.of("its Slurm job has ended");
        }
        return Optional.empty();
    }

    Optional<String> whySilent(Duration silent) {
        return silent.compareTo(silence) > 0
                ? Optional.of("it has been silent for " + silent.toSeconds() + " s")
                : Optional.empty();
    }

    private static boolean processLives(LockOwner owner) {
        try {
            return LocalProcess.identity(Long.parseLong(owner.pid())).equals(owner.process());
        } catch (NumberFormatException e) {
            return true; // unknown
        }
    }

    /** By the clock of the file system: those of two hosts differ. */
    Duration silenceOf(Path file) throws IOException {
        Path now = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".now");
        try {
            // Opening it makes an NFS client ask the server; otherwise it may show a time that it has cached for a
            // minute.
            FileChannel.open(file, StandardOpenOption.READ).close();
            return Duration.between(
                    Files.getLastModifiedTime(file).toInstant(),
                    Files.getLastModifiedTime(now).toInstant());
        } finally {
            Files.deleteIfExists(now);
        }
    }
}
