package org.astropool.internal.cli.options;

import java.util.List;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Setting;
import org.astropool.internal.job.run.JobRun.OldResults;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a run writes its results, what it does about existing ones, and its seed. */
public final class ResultOptions {
    @Mixin
    private OutputOptions output;

    @Option(
            names = "--resume",
            description =
                    "Evaluate only the points without a result from an earlier run; start a new run if there is none.")
    private boolean resume;

    @Option(names = "--retry-failed", description = "Like --resume, and evaluate failed points again.")
    private boolean retryFailed;

    @Option(
            names = "--accept-model-changes",
            description =
                    "With --resume: continue although the files, options or data of the model have changed since the"
                            + " run began. The results are then of both models, which summary.json and the tables record.")
    private boolean acceptModelChanges;

    @Option(names = "--overwrite", description = "Remove the results of an earlier run when the run starts.")
    private boolean overwrite;

    /**
     * What to do about existing results.
     *
     * @throws JobException when two options contradict each other
     */
    public OldResults oldResults() throws JobException {
        if (overwrite && (resume || retryFailed)) {
            throw new JobException("--overwrite and " + (resume ? "--resume" : "--retry-failed")
                    + " are mutually exclusive: the first removes the results that the second continues");
        }
        if (acceptModelChanges && !resume && !retryFailed) {
            throw new JobException(
                    "--accept-model-changes needs --resume or --retry-failed, since it concerns existing results");
        }
        if (overwrite) {
            return OldResults.OVERWRITE;
        }
        return retryFailed ? OldResults.RETRY_FAILED : resume ? OldResults.RESUME : OldResults.KEEP;
    }

    /** Whether a run may be continued with another model than it was begun with. */
    public boolean acceptsModelChanges() {
        return acceptModelChanges;
    }

    /**
     * The keys of the job file that these options replace.
     *
     * @throws JobException when --out is empty
     */
    public List<Setting> settings() throws JobException {
        return output.settings();
    }

    /** Whether none of them is given. */
    public boolean areDefault() {
        return output.areDefault() && !resume && !retryFailed && !overwrite;
    }

    /** Those that a run which is continued in several starts needs in each of them, as words of a command. */
    public List<String> ofEachStart() {
        return output.seed();
    }

    /**
     * Those that only its first start needs, as words of a command: what changes later was not known to the user who
     * accepted the changes.
     */
    public List<String> ofFirstStart() {
        return acceptModelChanges ? List.of("--accept-model-changes") : List.of();
    }
}
