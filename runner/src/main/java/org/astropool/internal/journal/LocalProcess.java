package org.astropool.internal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** What distinguishes a process of this host from a later one with the same process id. */
final class LocalProcess {
    private static final int STATE = 0;
    private static final int START_TICKS = 19;

    private LocalProcess() {}

    /**
     * The same for as long as the process lives; empty if there is none.
     *
     * <p>On Linux the start in clock ticks since the boot, and which boot: a start as a time of day would change with
     * the clock.
     */
    static String identity(long pid) {
        try {
            // The second field is a name that may have spaces and parentheses.
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            return dead ? "" : boot.strip() + "/" + fields[START_TICKS];
        } catch (IOException | RuntimeException noProcOrNoProcess) {
            return ProcessHandle.of(pid)
                    .map(process ->
                            process.info().startInstant().map(Instant::toString).orElse("unknown start"))
                    .orElse("");
        }
    }
}
