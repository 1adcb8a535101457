package org.astropool.internal.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.job.JobException;
import org.astropool.internal.program.ProgramEnvironment;
import org.astropool.internal.system.NativeEnvironment;

/** Runs a command of the batch system in the environment of the user. Stateless. */
final class BatchTool {
    private static final int SECONDS = 120;

    private BatchTool() {}

    /**
     * How a command ended.
     *
     * @param out standard output, without blanks at its ends
     * @param err standard error, likewise
     */
    record Answer(int code, String out, String err) {
        boolean isOk() {
            return code == 0;
        }

        /** What it said, for the user: the messages, or else the output. */
        String message() {
            return err.isEmpty() ? out : err;
        }
    }

    /** @throws JobException when it cannot be started, or does not answer */
    static Answer run(List<String> words) throws JobException {
        return run(words, Optional.empty());
    }

    /** @param input the file that becomes its standard input */
    static Answer run(List<String> words, Optional<Path> input) throws JobException {
        Process process = null;
        try {
            Path errors = Files.createTempFile("astropool-", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors.toFile());
                input.ifPresentOrElse(
                        file -> builder.redirectInput(file.toFile()),
                        () -> builder.redirectInput(Path.of("/dev/null").toFile()));
                Map<String, String> environment = builder.environment();
                Map<String, String> shell = ProgramEnvironment.ofShell(environment);
                environment.clear();
                environment.putAll(shell);
                process = NativeEnvironment.start(builder);
                String out;
                try (InputStream stream = process.getInputStream()) {
                    out = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                }
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    throw new JobException(
                            words.get(0) + " has not ended in " + SECONDS + " s; try again, or ask your site");
                }
                return new Answer(
                        process.exitValue(),
                        out.strip(),
                        Files.readString(errors).strip());
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new JobException(words.get(0) + " cannot be used: " + e.getMessage()
                    + "; log in to a node from which jobs can be submitted, or load the module of the batch system");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException(words.get(0) + " was interrupted");
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /** Whether there is a program of this name on the PATH. */
    static boolean exists(String name) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder).resolve(name))) {
                return true;
            }
        }
        return false;
    }
}
