package org.astropool.internal.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.astropool.internal.job.JobException;
import org.astropool.internal.program.ProgramEnvironment;
import org.astropool.internal.system.NativeEnvironment;

/** Runs a command, mostly one of the batch system, in the environment of the user. Stateless. */
public final class BatchTool {
    private static final int SECONDS = 60;

    private BatchTool() {}

    /**
     * How a command ended.
     *
     * @param out standard output, without blanks at its ends
     * @param err standard error, likewise
     */
    public record Answer(int code, String out, String err) {
        public boolean isOk() {
            return code == 0;
        }

        /** What it said, for the user: the messages, or else the output. */
        String message() {
            return err.isEmpty() ? out : err;
        }
    }

    /** @throws JobException when it cannot be started, or does not answer */
    public static Answer run(List<String> words) throws JobException {
        return run(words, Optional.empty(), name -> false);
    }

    /**
     * The same.
     *
     * @param input the file that becomes its standard input
     * @param unwanted which variables of the environment it does not get
     */
    static Answer run(List<String> words, Optional<Path> input, Predicate<String> unwanted) throws JobException {
        Process process = null;
        try {
            // Files, since a pipe that nobody reads would stop the command, and one that nobody closes this process
            Path output = Files.createTempFile("astropool-", ".out");
            Path errors = Files.createTempFile("astropool-", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(words)
                        .redirectInput(input.orElse(Path.of("/dev/null")).toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
                Map<String, String> shell = ProgramEnvironment.ofShell(builder.environment());
                builder.environment().clear();
                builder.environment().putAll(shell);
                builder.environment().keySet().removeIf(unwanted);
                process = NativeEnvironment.start(builder);
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    throw new JobException(
                            words.get(0) + " has not ended in " + SECONDS + " s; try again, or ask your site");
                }
                return new Answer(process.exitValue(), text(output), text(errors));
            } finally {
                Files.deleteIfExists(output);
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

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
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
