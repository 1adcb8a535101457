package org.astropool.internal.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.system.NativeEnvironment;

/** Asks Slurm whether a job has ended. */
final class SlurmQueue {
    private static final int SECONDS = 4;
    private static final Set<String> ENDED = Set.of(
            "BOOT_FAIL",
            "CANCELLED",
            "COMPLETED",
            "DEADLINE",
            "FAILED",
            "NODE_FAIL",
            "OUT_OF_MEMORY",
            "PREEMPTED",
            "REVOKED",
            "TIMEOUT");

    private final List<String> command;

    /** @param command {@code squeue}, or a substitute for it */
    SlurmQueue(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** False also if there is no Slurm, or it does not answer within a few seconds. */
    boolean hasEnded(String jobId) throws InterruptedException {
        if (!jobId.matches("[0-9_]+")) {
            return false;
        }
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("-h", "-j", jobId, "-o", "%T"));
        Process process;
        try {
            process = NativeEnvironment.start(new ProcessBuilder(words).redirectErrorStream(true));
        } catch (IOException notInstalled) {
            return false;
        }
        try (InputStream out = process.getInputStream()) {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
            String answer = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0
                    ? answer.strip().lines().map(String::strip).allMatch(ENDED::contains)
                    : answer.contains("Invalid job id");
        } catch (IOException e) {
            return false;
        } finally {
            process.destroyForcibly();
        }
    }
}
