package org.astropool.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.astropool.internal.cli.options.DurationConverter;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.launch.Launch;
import org.astropool.pool.JoinOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a run that workers can join. */
final class JoinSettings {

    @Option(
            names = "--listen",
            paramLabel = "HOST[:PORT]",
            description = "For --pool hazelcast: the address of this machine at which workers join."
                    + " Default: loopback, or under a launcher an address for its nodes; any free port.")
    private @Nullable String listen;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "The secret that workers need to join; created if it does not exist."
                    + " Default: in DIR/journal; for a script, in a temporary folder.")
    private @Nullable Path secretFile;

    @Option(
            names = "--worker-wait",
            paramLabel = "T",
            converter = DurationConverter.class,
            defaultValue = "10 min",
            description = "How long to wait for workers when there are none. Default: ${DEFAULT-VALUE}.")
    private Duration wait = Duration.ofMinutes(10);

    private static void checkNotEmpty(String option, String what, @Nullable Object value) throws JobException {
        if (value != null && value.toString().isBlank()) {
            throw new JobException(option + " is empty; name " + what + ", or leave the option out");
        }
    }

    /** After a complete run, deletes a secret that an earlier run created and this one used again. */
    void forget(OutputDirectory directory) throws IOException {
        if (secretFile == null) {
            Files.deleteIfExists(directory.workerSecret());
        }
    }

    /** @throws JobException when an option is empty, for instance because of an unset shell variable */
    JoinOptions options(OutputDirectory directory, List<Path> classPath, Launch launch) throws JobException {
        JoinOptions.Builder options = options(directory.workerSecret()).classPath(classPath);
        if (launch.size() > 1) {
            options.addressFile(directory.workerAddress());
        }
        return options.build();
    }

    /**
     * Those of a command without an output directory.
     *
     * @param secret the file to use if no option names one; null for one in a temporary folder
     */
    JoinOptions.Builder options(@Nullable Path secret) throws JobException {
        checkNotEmpty("--listen", "an address of this machine", listen);
        checkNotEmpty("--secret-file", "a file", secretFile);
        JoinOptions.Builder options =
                JoinOptions.builder().listen(listen == null ? "" : listen).patience(wait);
        Path file = secretFile == null ? secret : secretFile.toAbsolutePath();
        return file == null ? options : options.secretFile(file);
    }
}
