package org.astropool.internal.journal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Who holds a lock, according to the lock file. Unknown parts are empty strings.
 *
 * @param token unique to this lock
 * @param host where the process runs
 * @param pid its number there
 * @param process what distinguishes it from a later process with that id ({@link LocalProcess#identity})
 * @param job the launcher's, such as {@code Slurm job 4711}
 * @param started when the lock was taken, by that host's clock
 */
record LockOwner(String token, String host, String pid, String process, String job, String started) {
    static final LockOwner UNKNOWN = new LockOwner("", "", "", "", "", "");
    static final String SLURM = "Slurm job ";

    private static final List<Map.Entry<String, String>> JOB_VARIABLES = List.of(
            Map.entry("SLURM_JOB_ID", SLURM), Map.entry("PBS_JOBID", "PBS job "), Map.entry("LSB_JOBID", "LSF job "));
    /** A larger file is not a lock file of astropool. */
    private static final int MAX_BYTES = 1 << 14;

    static LockOwner thisProcess(String host, Map<String, String> environment) {
        long pid = ProcessHandle.current().pid();
        String job = JOB_VARIABLES.stream()
                .filter(entry -> !environment.getOrDefault(entry.getKey(), "").isBlank())
                .map(entry -> entry.getValue()
                        + environment.getOrDefault(entry.getKey(), "").strip())
                .findFirst()
                .orElse("");
        return new LockOwner(
                UUID.randomUUID().toString(),
                host,
                Long.toString(pid),
                LocalProcess.identity(pid),
                job,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    static String thisHost() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException notLinux) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }
    }

    /** Has the same length at each heartbeat, so that it can be overwritten in place. */
    ByteBuffer encode(long heartbeat) {
        String text = "Lock of a run of astropool; do not edit.\n"
                + "token " + token + '\n'
                + "host " + host + '\n'
                + "pid " + pid + '\n'
                + "process " + process + '\n'
                + "job " + job + '\n'
                + "started " + started + '\n'
                + String.format(Locale.ROOT, "heartbeat %010d\n", heartbeat);
        return StandardCharsets.UTF_8.encode(text);
    }

    /** Reads a lock file; parts are unknown while it is being written, or when it is something else. */
    static LockOwner read(Path file) throws IOException {
        String text;
        try (var in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
        Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.put(line.substring(0, space), line.substring(space + 1).strip());
            }
        });
        return new LockOwner(
                values.getOrDefault("token", ""),
                values.getOrDefault("host", ""),
                values.getOrDefault("pid", ""),
                values.getOrDefault("process", ""),
                values.getOrDefault("job", ""),
                values.getOrDefault("started", ""));
    }

    @Override
    public String toString() {
        if (host.isEmpty()) {
            return "an unknown run";
        }
        return "the run of process " + pid + " on " + host + (job.isEmpty() ? "" : " (" + job + ")") + ", since "
                + started;
    }
}
