package org.astropool.internal.cli.options;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.config.Setting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The job file of a command, and the values that the command line replaces. */
public final class JobArguments {
    private static final String RELATIVE_TO = "--relative-to";

    @Parameters(index = "0", paramLabel = "JOB.toml", description = "The job file.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Replaces the value of a key of the job file, for instance grid.w.count=81. May be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = RELATIVE_TO,
            paramLabel = "DIR",
            description = "Paths in the job file are relative to this folder. Default: the folder of the job file.")
    private @Nullable Path relativeTo;

    @Mixin
    private ClassPath classPath;

    /** The job file. */
    public Path file() {
        return file;
    }

    /**
     * Reads the job.
     *
     * @param more settings from other options, which take precedence over those of --set
     * @throws JobException with all problems that were found
     */
    public Job read(List<Setting> more, Map<String, String> environment) throws JobException {
        return JobFile.read(file, folder(), settings(more), environment).withClassPath(classPath.entries());
    }

    /** The same for a job that need not say at which points to evaluate. */
    public Job readWithoutPoints(Map<String, String> environment) throws JobException {
        return JobFile.readWithoutPoints(file, folder(), settings(List.of()), environment)
                .withClassPath(classPath.entries());
    }

    /** The option with the classes of the user, absolute; empty when there are none. */
    public List<String> classPathOptions() throws JobException {
        List<String> entries = classPath.entries();
        return entries.isEmpty() ? List.of() : List.of("--class-path", String.join(File.pathSeparator, entries));
    }

    /** The options with which a copy of the job file is the same job, in the same working directory. */
    public List<String> optionsForACopy() throws JobException {
        List<String> words =
                new ArrayList<>(List.of(RELATIVE_TO, folder().normalize().toString()));
        settings.forEach(setting -> words.addAll(List.of("--set", setting)));
        words.addAll(classPathOptions());
        return words;
    }

    private Path folder() throws JobException {
        if (relativeTo == null) {
            return JobFile.folderOf(file);
        }
        if (!Files.isDirectory(relativeTo)) {
            throw new JobException(RELATIVE_TO + " " + relativeTo + " is not a folder");
        }
        return relativeTo.toAbsolutePath();
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
