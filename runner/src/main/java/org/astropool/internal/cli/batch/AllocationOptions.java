package org.astropool.internal.cli.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.astropool.internal.batch.BatchRequest;
import org.astropool.internal.batch.BatchScript;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.SiteSettings;
import org.astropool.internal.cli.options.BatchTimeConverter;
import org.astropool.internal.job.JobException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a job asks its batch system for: options of the command, completed by the settings of the site. */
final class AllocationOptions {
    private static final Duration DEFAULT_TIME = Duration.ofHours(1);

    /** Which batch system. */
    static final class Systems {
        @Option(names = "--slurm", description = "Submit to Slurm. Default: the batch system whose commands are found.")
        private boolean slurm;

        @Option(names = "--pbs", description = "Submit to PBS.")
        private boolean pbs;

        @Option(names = "--lsf", description = "Submit to LSF.")
        private boolean lsf;

        String name() {
            return slurm ? "slurm" : pbs ? "pbs" : lsf ? "lsf" : "";
        }
    }

    @ArgGroup
    private @Nullable Systems systems;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "The number of nodes, with one rank on each. Default: 1.")
    private @Nullable Integer nodes;

    @Option(
            names = "--time",
            paramLabel = "T",
            converter = BatchTimeConverter.class,
            description =
                    "Time limit of a job, such as 1-12:00:00, 01:00:00, 2h or 90min. A number without a unit is in"
                            + " minutes, as in Slurm. Default: 1 h.")
    private @Nullable Duration time;

    @Option(names = "--account", paramLabel = "A", description = "The account that is charged; for LSF, the project.")
    private @Nullable String account;

    @Option(
            names = {"--partition", "--queue"},
            paramLabel = "P",
            description = "The partition (Slurm) or queue (PBS, LSF).")
    private @Nullable String partition;

    @Option(
            names = "--cores-per-node",
            paramLabel = "N",
            description = "The number of cores of a node. Needed for PBS.")
    private @Nullable Integer coresPerNode;

    /** @throws JobException when a number is too small */
    void check() throws JobException {
        atLeastOne("--nodes", nodes);
        atLeastOne("--cores-per-node", coresPerNode);
        notBlank("--account", account);
        notBlank("--partition", partition);
    }

    private static void notBlank(String option, @Nullable String text) throws JobException {
        if (text != null && text.isBlank()) {
            throw new JobException(option + " is empty; give a name, or leave the option out");
        }
    }

    static void atLeastOne(String option, @Nullable Integer number) throws JobException {
        if (number != null && number < 1) {
            throw new JobException(option + " is " + number + ", it must be at least 1");
        }
    }

    boolean hasNodes() {
        return nodes != null;
    }

    /** @throws JobException when there is no batch system, or an unknown one */
    BatchSystem system(SiteSettings site) throws JobException {
        if (systems != null) {
            return BatchSystem.of(systems.name());
        }
        if (site.scheduler().isPresent()) {
            return BatchSystem.of(site.scheduler().get());
        }
        return BatchSystem.found()
                .orElseThrow(() ->
                        new JobException("there is no batch system here: neither sbatch (Slurm) nor qsub (PBS) nor"
                                + " bsub (LSF) is on the PATH. Log in to a node from which jobs can be submitted, or write a"
                                + " script for another machine with --script-only and --slurm, --pbs or --lsf"));
    }

    /**
     * The request.
     *
     * @param name of the run
     * @param copies of the job, as tasks of an array; 0 for an ordinary job
     * @param options more options of the command that submits
     */
    BatchRequest request(String name, SiteSettings site, int copies, List<String> options) {
        List<String> allOptions = new ArrayList<>(site.options().orElse(List.of()));
        allOptions.addAll(options);
        return new BatchRequest(
                BatchScript.JOB_PREFIX + name,
                nodes == null ? site.nodes().orElse(1) : nodes,
                time == null ? site.time().orElse(DEFAULT_TIME) : time,
                Optional.ofNullable(account).or(site::account),
                Optional.ofNullable(partition).or(site::partition),
                Optional.ofNullable(coresPerNode)
                        .or(site::coresPerNode)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                site.wholeNodes().orElse(true),
                copies,
                allOptions);
    }
}
