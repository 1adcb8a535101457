package org.astropool.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.run.EvaluationRun;
import org.astropool.internal.job.run.JobRun;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.internal.job.run.Termination;
import org.jspecify.annotations.Nullable;

/**
 * Reports the result of a run to the wrapper that started it, since launchers do not return exit codes unchanged.
 * ASTROPOOL_RUN_FILE names the file; without it nothing is written.
 */
final class RunFile {
    private static final String VARIABLE = "ASTROPOOL_RUN_FILE";
    private static final String SIGNAL = "signal=";
    private static final String COMPLETE = "complete=";
    private static final String REASON = "reason=";
    private static final String EXIT_CODE = "exit_code=";

    private final Optional<Path> file;
    private final List<String> lines = new ArrayList<>();

    RunFile(Map<String, String> environment) {
        file = Optional.ofNullable(environment.get(VARIABLE)).map(Path::of);
    }

    /** The process has started and is the first rank. */
    void begun() {
        write("begun=1");
    }

    /**
     * The options that the wrapper also needs.
     *
     * @param grace how long a signal waits for points
     * @param timeLimit null for none
     */
    void options(Duration grace, @Nullable Duration timeLimit) {
        write("grace_seconds=" + grace.plusMillis(999).toSeconds());
        if (timeLimit != null) {
            write("time_limit=" + timeLimit);
        }
    }

    /** The run was checked, and its directory is locked. */
    void started(JobRun run) {
        write("directory=" + run.directory(), "started=1", "finished=" + run.finishedPoints());
    }

    /** The run has ended, and its points are on disk. */
    void ended(JobRun run, Written written) {
        EvaluationRun evaluated = written.run();
        write(
                "finished=" + run.finishedPoints(),
                COMPLETE + evaluated.isComplete(),
                REASON + evaluated.earlyEnd().map(end -> end.cause().label()).orElse(""),
                EXIT_CODE + written.exitCode().code());
    }

    /** The run was already complete. */
    void complete(JobRun run, int exitCode) {
        write(
                "directory=" + run.directory(),
                "started=1",
                "finished=" + run.finishedPoints(),
                COMPLETE + true,
                EXIT_CODE + exitCode);
    }

    /** The tables could not be written; the points are in the journal. */
    void resultsNotWritten(JobRun run) {
        write(
                "finished=" + run.finishedPoints(),
                COMPLETE + false,
                REASON + Termination.Cause.NO_ROOM.label(),
                EXIT_CODE + ExitCode.ENDED_EARLY.code());
    }

    /** The command ends, with or without a run. */
    void exits(int exitCode) {
        write(EXIT_CODE + exitCode);
    }

    /** The run failed before it could report its result. */
    void failed(int exitCode) {
        write(EXIT_CODE + exitCode);
    }

    /** Whether the file says that the run has ended with this exit code, while all its workers were there. */
    boolean hasEnded(int exitCode) {
        if (file.isEmpty()) {
            return false;
        }
        try {
            List<String> written = Files.readAllLines(file.get());
            return written.stream().anyMatch(line -> line.startsWith(COMPLETE))
                    && !written.contains(REASON + Termination.Cause.WORKERS_LOST.label())
                    && written.contains(EXIT_CODE + exitCode);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The signal for which SIGUSR1 stands, since that is the only one that launchers pass on without ending the ranks.
     */
    Optional<String> forwardedSignal() {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(Path.of(file.get() + ".signal")).stream()
                    .filter(line -> line.startsWith(SIGNAL))
                    .map(line -> line.substring(SIGNAL.length()))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private synchronized void write(String... more) {
        lines.addAll(List.of(more));
        // The wrapper creates the file and removes it at the end, so a rank that ends later must not create it again.
        file.filter(Files::exists).ifPresent(path -> {
            try {
                Path part = Path.of(path + ".part");
                Files.write(part, lines);
                Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                new Messages(System.err).say("the wrapper's file " + path + " cannot be written: " + e);
            }
        });
    }
}
