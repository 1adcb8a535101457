package org.astropool.internal.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** When this process started. Stateless. */
public final class ProcessStart {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ on all Linux systems that run Java
    /** Of "starttime" in proc(5), counted from the field after the name of the program. */
    private static final int START_FIELD = 19;

    /** Set by the launcher script where it has built the distribution: in seconds since the epoch. */
    private static final String BUILT_AT = "ASTROPOOL_BUILT_AT";

    private ProcessStart() {}

    /** To a hundredth of a second on Linux; elsewhere as the JDK says. Without the time of a build before it. */
    public static Instant instant() {
        Instant start = ofProcess();
        try {
            Instant built = Instant.ofEpochSecond(Long.parseLong(String.valueOf(System.getenv(BUILT_AT))));
            return built.isAfter(start) && built.isBefore(Instant.now()) ? built : start;
        } catch (RuntimeException e) { // not set, or by somebody else
            return start;
        }
    }

    private static Instant ofProcess() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String uptime = Files.readString(Path.of("/proc/uptime"));
            double age = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')))
                    - Long.parseLong(fields[START_FIELD]) / TICKS_PER_SECOND;
            return Instant.now().minus(Duration.ofMillis(Math.max(0, Math.round(age * 1e3))));
        } catch (IOException | RuntimeException e) { // not Linux; ProcessHandle is a second off where it is
            return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        }
    }
}
