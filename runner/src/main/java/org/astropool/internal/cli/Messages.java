package org.astropool.internal.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.util.Set;
import java.util.TreeSet;
import org.astropool.internal.cli.display.VisibleOutput;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.Version;
import org.astropool.internal.launch.Launch;
import org.astropool.internal.model.Models;
import org.astropool.pool.PoolException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints messages to standard error. Stack traces are shown for defects only, or with ASTROPOOL_DEBUG. */
public final class Messages {
    private static final String DEBUG = "ASTROPOOL_DEBUG";

    private final PrintStream out;
    private final String prefix;

    /** Messages without a rank. */
    Messages(PrintStream out) {
        this.out = VisibleOutput.of(out);
        this.prefix = "astropool: ";
    }

    Messages(PrintStream out, Launch launch) {
        this.out = VisibleOutput.of(out);
        this.prefix = launch.rank() > 0 ? "astropool (rank " + launch.rank() + "): " : "astropool: ";
    }

    public void say(String message) {
        out.println(prefix + message);
    }

    /** Reports wrong options. Returns the exit code. */
    int usage(ParameterException failure, String[] arguments) {
        say(failure.getMessage() + suggestion(failure));
        say("see " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE.code();
    }

    private static String suggestion(ParameterException failure) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        Set<String> known = new TreeSet<>(command.optionsMap().keySet());
        known.addAll(command.subcommands().keySet());
        return Models.hint(unmatched.getUnmatched().get(0).replaceFirst("=.*", ""), known);
    }

    /** Reports an exception of a command. Returns the exit code. */
    int failure(Exception failure) {
        ExitCode code = ExitCode.DEFECT;
        if (failure instanceof JobException job) {
            job.problems().forEach(this::say);
            code = ExitCode.USAGE;
        } else if (failure instanceof PoolException pool) {
            say(String.valueOf(pool.getMessage()));
            code = switch (pool.reason()) {
                case ENVIRONMENT -> ExitCode.USAGE;
                case WORKERS_LOST, JOURNAL, CLOSED -> ExitCode.ENDED_EARLY;
                case MASTER_FAILED, DEFECT -> ExitCode.DEFECT;
            };
        } else if (failure instanceof IOException) {
            say("the results could not be written: " + failure.getMessage()
                    + (failure instanceof FileSystemException
                            ? "; free disk space or choose another --out, and run again"
                            : ""));
            code = ExitCode.ENDED_EARLY;
        } else {
            say("this is a defect of " + Version.text() + ", please report it with these lines:");
        }
        if (code == ExitCode.DEFECT || System.getenv(DEBUG) != null) {
            failure.printStackTrace(out);
        }
        return code.code();
    }
}
