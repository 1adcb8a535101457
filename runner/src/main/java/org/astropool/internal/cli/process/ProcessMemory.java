package org.astropool.internal.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory that processes have occupied at most, from {@code /proc}: of this one, and of the largest of those that it
 * has started. Linux; 0 elsewhere.
 *
 * @param processBytes of this process
 * @param childBytes of the largest child; 0 if there is none
 */
public record ProcessMemory(long processBytes, long childBytes) {
    private static final String PEAK = "VmHWM:";
    private static final long KIB = 1 << 10;

    /** The larger values of both. */
    public ProcessMemory largest(ProcessMemory other) {
        return new ProcessMemory(Math.max(processBytes, other.processBytes), Math.max(childBytes, other.childBytes));
    }

    public static ProcessMemory now() {
        ProcessHandle self = ProcessHandle.current();
        List<ProcessHandle> children = self.children().toList();
        long largest = 0;
        for (ProcessHandle child : children) {
            long whole = peak(child.pid())
                    + child.descendants()
                            .mapToLong(process -> peak(process.pid()))
                            .sum();
            largest = Math.max(largest, whole);
        }
        return new ProcessMemory(peak(self.pid()), largest);
    }

    private static long peak(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith(PEAK)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
                }
            }
        } catch (IOException | RuntimeException e) {
            return 0; // it has ended, or this is not Linux
        }
        return 0;
    }
}
