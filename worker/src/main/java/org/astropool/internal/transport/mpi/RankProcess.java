package org.astropool.internal.transport.mpi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The process of a rank, described so that it differs from every other process on every host: process ids are reused,
 * and hosts may share a name.
 *
 * @param home the running kernel and its process id namespace, "" where these are not known
 * @param start when it was started
 */
record RankProcess(String home, long pid, Instant start) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NUMBERS = Path.of("/proc/self/ns/pid");
    /** The start follows from the time of the boot, which is known to a second. */
    private static final Duration BLUR = Duration.ofSeconds(2);

    static RankProcess own() {
        ProcessHandle own = ProcessHandle.current();
        return new RankProcess(ownHome(), own.pid(), own.info().startInstant().orElse(Instant.EPOCH));
    }

    private static String ownHome() {
        try {
            return Files.readString(BOOT, StandardCharsets.US_ASCII).strip() + " " + Files.readSymbolicLink(NUMBERS);
        } catch (IOException e) {
            return "";
        }
    }

    int bytes() {
        return 2 * Long.BYTES + home.length();
    }

    void write(ByteBuffer frame) {
        frame.putLong(pid).putLong(start.toEpochMilli()).put(home.getBytes(StandardCharsets.US_ASCII));
    }

    /** The rest of the frame. */
    static RankProcess read(ByteBuffer frame) {
        long pid = frame.getLong();
        Instant start = Instant.ofEpochMilli(frame.getLong());
        return new RankProcess(StandardCharsets.US_ASCII.decode(frame).toString(), pid, start);
    }

    /** Whether it has ended for certain. False where the caller cannot know, since it runs elsewhere. */
    boolean hasEnded() {
        return isHere() && handle().isEmpty();
    }

    /** Kills it, stopped or not, if it runs where the caller does. */
    void kill() {
        if (isHere()) {
            handle().ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private boolean isHere() {
        return !home.isEmpty() && home.equals(ownHome());
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(found -> found.info()
                        .startInstant()
                        .filter(instant ->
                                Duration.between(instant, start).abs().compareTo(BLUR) < 0)
                        .isPresent());
    }
}
