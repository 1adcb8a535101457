package org.astropool.internal.transport.process;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Describes how a process ended. */
public final class ExitStatus {
    private static final int SIGNAL = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int OUT_OF_MEMORY = 3;
    /** What the JVM writes when it crashes, since it then ends with exit code 1 or SIGABRT. */
    private static final Pattern CRASH = Pattern.compile("^#  (SIG[A-Z]+) \\(0x([0-9a-f]+)\\)", Pattern.MULTILINE);

    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    private ExitStatus() {}

    /**
     * For users, for instance "its process 4711 was ended by signal 9 (SIGKILL)".
     *
     * @param exitCode as {@link Process#exitValue} gives it: 128 + n after signal n
     */
    public static String reason(long pid, int exitCode, String lastWords) {
        String process = "its process " + pid;
        Matcher crash = CRASH.matcher(lastWords);
        if (crash.find()) {
            return process + " was ended by signal " + Integer.parseInt(crash.group(2), 16) + " (" + crash.group(1)
                    + ")";
        }
        int signal = exitCode - SIGNAL;
        if (signal > 0 && signal <= LAST_SIGNAL) {
            String name = SIGNALS.get(signal);
            return process + " was ended by signal " + signal + (name == null ? "" : " (" + name + ")");
        }
        boolean outOfMemory = exitCode == OUT_OF_MEMORY && lastWords.contains("java.lang.OutOfMemoryError");
        return process + " ended with exit code " + exitCode + (outOfMemory ? " (out of memory)" : "");
    }
}
