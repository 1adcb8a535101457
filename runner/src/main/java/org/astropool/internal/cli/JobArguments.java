package org.astropool.internal.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.config.Setting;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The job file of a command, and the values that the command line replaces. */
final class JobArguments {
    @Parameters(index = "0", paramLabel = "JOB.toml", description = "The job file.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Replaces the value of a key of the job file, for instance grid.w.count=81. May be repeated.")
    private List<String> settings = new ArrayList<>();

    @Mixin
    private ClassPath classPath;

    /**
     * Reads the job.
     *
     * @param more settings from other options, which take precedence over those of --set
     * @throws JobException with all problems that were found
     */
    Job read(List<Setting> more, Map<String, String> environment) throws JobException {
        return JobFile.read(file, settings(more), environment).withClassPath(classPath.entries());
    }

    /** The same for a job that need not say at which points to evaluate. */
    Job readWithoutPoints(Map<String, String> environment) throws JobException {
        return JobFile.readWithoutPoints(file, settings(List.of()), environment).withClassPath(classPath.entries());
    }

    private List<Setting> settings(List<Setting> more) throws JobException {
        List<Setting> all = new ArrayList<>();
        for (String setting : settings) {
            all.add(Setting.parse(setting));
        }
        all.addAll(more);
        return all;
    }
}
