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
 * What a run tells the wrapper that started it: launchers do not give back exit codes as they are. The file is named by
 * ASTROPOOL_RUN_FILE; without it nothing is written.
 */
final class RunFile {
    private static final String VARIABLE = "ASTROPOOL_RUN_FILE";
    private static final String SIGNAL = "signal=";

    private final Optional<Path> file;
    private final List<String> lines = new ArrayList<>();

    RunFile(Map<String, String> environment) {
        file = Optional.ofNullable(environment.get(VARIABLE)).map(Path::of);
    }

    /** This process was started and is the first rank. */
    void begun() {
        write("begun=1");
    }

    /**
     * What the command line says that concerns the wrapper, too.
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

    /** The run is checked, and its directory is its own. */
    void started(JobRun run) {
        write("directory=" + run.directory(), "started=1", "finished=" + run.finishedPoints());
    }

    /** The run has come to an end, and its points are on disk. */
    void ended(JobRun run, Written written) {
        EvaluationRun evaluated = written.run();
        write(
                "finished=" + run.finishedPoints(),
                "complete=" + evaluated.isComplete(),
                "reason=" + evaluated.earlyEnd().map(end -> end.cause().label()).orElse(""),
                "exit_code=" + written.exitCode().code());
    }

    /** A run that was complete already. */
    void complete(JobRun run, int exitCode) {
        write(
                "directory=" + run.directory(),
                "started=1",
                "finished=" + run.finishedPoints(),
                "complete=true",
                "exit_code=" + exitCode);
    }

    /** The tables could not be written; the points are in the journal. */
    void noRoom(JobRun run) {
        write(
                "finished=" + run.finishedPoints(),
                "complete=false",
                "reason=" + Termination.Cause.NO_ROOM.label(),
                "exit_code=" + ExitCode.ENDED_EARLY.code());
    }

    /** The command ends, whatever became of it before. */
    void exits(int exitCode) {
        write("exit_code=" + exitCode);
    }

    /** The run failed before it could say what became of it. */
    void failed(int exitCode) {
        write("exit_code=" + exitCode);
    }

    /** Which signal SIGUSR1 stands for: launchers hand on that one alone without ending the ranks. */
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
        // The wrapper creates the file and removes it in the end: a rank that lives longer leaves none behind.
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
