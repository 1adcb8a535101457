package org.astropool.internal.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.JobException;

/** A batch system: how its scripts look, and its commands. Stateless. */
public abstract class BatchSystem {
    private final String name;
    private final String submitCommand;

    BatchSystem(String name, String submitCommand) {
        this.name = name;
        this.submitCommand = submitCommand;
    }

    private static List<BatchSystem> all() {
        return List.of(new Slurm(), new Pbs(), new Lsf());
    }

    /** @throws JobException when there is none of this name */
    public static BatchSystem of(String name) throws JobException {
        return all().stream()
                .filter(system -> system.name.equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new JobException(
                        "there is no batch system \"" + name + "\"; astropool knows slurm, pbs and lsf"));
    }

    /** The one whose commands are on the PATH. */
    public static Optional<BatchSystem> found() {
        return all().stream().filter(BatchSystem::isInstalled).findFirst();
    }

    /** In lower case; the name of its part of the script. */
    public final String name() {
        return name;
    }

    /** The command that submits, for messages. */
    public final String submitCommand() {
        return submitCommand;
    }

    public final boolean isInstalled() {
        return BatchTool.exists(submitCommand);
    }

    /**
     * The lines at the head of the script.
     *
     * @param log the file for what the script prints
     */
    abstract List<String> directives(BatchRequest request, Path log) throws JobException;

    /** The log of a job in a folder. */
    public abstract String logName();

    /** The commands by which people submit the script themselves, for its comment. */
    abstract String byHand(String script);

    /** The launcher for ranks that need no MPI. */
    public String launcherWithoutMpi() {
        return "mpiexec";
    }

    /**
     * Submits a script.
     *
     * @param after the job whose end it waits for
     * @return the identifier of the job
     * @throws JobException with what the batch system said
     */
    public abstract String submit(Path script, Optional<String> after) throws JobException;

    /**
     * Has a running job run again, if the batch system allows it. The job is ended soon afterwards.
     *
     * @return why not; empty when it does
     */
    public Optional<String> requeue(String job) throws JobException {
        return Optional.of(name + " has no command with which a job runs itself again");
    }

    /**
     * The states of jobs.
     *
     * @param script of the jobs: identifiers may be used again for jobs of others
     * @return those that are known; all others are {@link JobState.Phase#ENDED}
     */
    public abstract Map<String, JobState> states(List<String> jobs, Path script) throws JobException;

    /**
     * Jobs that run the same script.
     *
     * @param script of the jobs
     */
    public record JobsOfScript(List<String> jobs, Path script) {}

    /**
     * The states of the jobs of several scripts.
     *
     * @return as {@link #states(List, Path)}, in the same order
     */
    public List<Map<String, JobState>> states(List<JobsOfScript> all) throws JobException {
        List<Map<String, JobState>> states = new ArrayList<>();
        for (JobsOfScript each : all) {
            states.add(states(each.jobs(), each.script()));
        }
        return states;
    }

    /**
     * The state in which a job ended that {@link #states} does not have any more.
     *
     * @return in the words of the batch system; empty when it does not know
     */
    public Optional<String> ending(String job) throws JobException {
        return Optional.empty();
    }

    /** The word for the state of a job that has ended, explained. */
    public String explainedEnding(String word) {
        return word;
    }

    /** Whether the path of a script, as a batch system has it, is this script: symbolic links give it other names. */
    static boolean isScript(Path script, String path) {
        try {
            Path other = Path.of(path);
            return other.equals(script) || Files.isSameFile(script, other);
        } catch (IOException | InvalidPathException e) {
            return false; // there is no such file
        }
    }

    /** Ends a job, or removes it from the queue. */
    public abstract void cancel(String job) throws JobException;

    /** Sends the script of a running job the signal that warns of its end. */
    public abstract void warn(String job) throws JobException;

    /** Whether it would accept the script: what it says. Empty where that cannot be asked. */
    public Optional<String> trial(Path script) throws JobException {
        return Optional.empty();
    }

    static BatchTool.Answer successful(BatchTool.Answer answer, List<String> words) throws JobException {
        if (!answer.isOk()) {
            throw new JobException(words.get(0) + " (exit code " + answer.code() + "): " + answer.message());
        }
        return answer;
    }

    static BatchTool.Answer ask(List<String> words) throws JobException {
        return successful(BatchTool.run(words), words);
    }

    /** Whether it looks like the identifier of a job. */
    static boolean isIdentifier(String job) {
        return job.matches("[0-9][A-Za-z0-9_.\\[\\]-]*");
    }

    /** Identifiers come from a file: what does not look like one does not become an argument. */
    static String checked(String job) throws JobException {
        if (!isIdentifier(job)) {
            throw new JobException("\"" + job + "\" is not the identifier of a job");
        }
        return job;
    }
}
