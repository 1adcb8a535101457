package org.astropool.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.astropool.job.GridRun;
import org.astropool.job.Job;
import org.astropool.job.JobException;
import org.astropool.job.JobFile;
import org.astropool.job.JobRun;
import org.astropool.job.JobRun.OldResults;
import org.astropool.job.JobRun.Written;
import org.astropool.job.Setting;
import org.astropool.launch.Launch;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.PoolOptions.MasterEvaluates;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Evaluates the points of a job file and writes tables and a summary.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  astropool run job.toml                          on all cores of this machine",
            "  astropool run job.toml --workers 2 --overwrite  on two, replacing old results",
            "  mpiexec -n 8 astropool run job.toml             the same results from 8 ranks",
            "  astropool run job.toml --set grid.w.count=81    another value for a key of the job file",
            "  astropool run job.toml --json | jq .best        the summary for a program",
            "",
            "Under mpiexec no other option is needed. The grammar of job files is in docs/job-file.md."
        })
final class RunCommand implements Callable<Integer> {
    private static final List<String> LATER_POOLS = List.of("processes", "mpj", "hazelcast");

    private final Ranks ranks;

    RunCommand(Ranks ranks) {
        this.ranks = ranks;
    }

    @Parameters(index = "0", paramLabel = "JOB.toml", description = "The job file.")
    private Path file;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description =
                    "auto (under mpiexec: mpi, else: threads), serial, threads or mpi. Default: ${DEFAULT-VALUE}.")
    private String pool = "auto";

    @Option(names = "--workers", paramLabel = "N", description = "Threads, for --pool threads. Default: one a core.")
    private int workers;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Evaluation threads in each rank. Default: the rank's share of the cores.")
    private int threads;

    @Option(
            names = "--master-evaluates",
            paramLabel = "auto|yes|no",
            description = "Whether rank 0 evaluates, too. Default: auto, when it has a core to spare.")
    private MasterEvaluates masterEvaluates = MasterEvaluates.AUTO;

    @Option(names = "--out", paramLabel = "DIR", description = "The output directory, instead of the job file's.")
    private @Nullable Path out;

    @ArgGroup
    private OldResultsOptions oldResults = new OldResultsOptions();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Another value for a key of the job file, for instance grid.w.count=81. May be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the random streams, instead of the job file's.")
    private @Nullable Long seed;

    @Mixin
    private ClassPath classPath;

    @Option(
            names = "--progress",
            paramLabel = "auto|bar|plain|none",
            description = "A bar, or a line now and then. Default: auto, a bar on a terminal.")
    private ProgressDisplay.Style progress = ProgressDisplay.Style.AUTO;

    @Option(names = "--json", description = "Print the summary as one JSON document and nothing else.")
    private boolean json;

    @ArgGroup(validate = false, heading = "Not in this version:%n")
    private LaterOptions later = new LaterOptions();

    /** At most one of them. */
    private static final class OldResultsOptions {
        @Option(names = "--resume", description = "Keep results that are there; a complete run is not done again.")
        private boolean resume;

        @Option(names = "--overwrite", description = "Remove the result files of an earlier run first.")
        private boolean overwrite;

        OldResults choice() {
            return overwrite ? OldResults.OVERWRITE : resume ? OldResults.RESUME : OldResults.KEEP;
        }
    }

    private static final class LaterOptions {
        @Option(names = "--retry-failed", description = "Evaluate failed points again.")
        private boolean retryFailed;

        @Option(names = "--time-limit", paramLabel = "T", description = "End early, resumable.")
        private @Nullable String timeLimit;

        @Option(names = "--grace", paramLabel = "T", description = "How long before the time limit to end.")
        private @Nullable String grace;

        Optional<String> given() {
            if (retryFailed) {
                return Optional.of("--retry-failed");
            }
            if (timeLimit != null) {
                return Optional.of("--time-limit");
            }
            return grace != null ? Optional.of("--grace") : Optional.empty();
        }
    }

    @Override
    public Integer call() throws Exception {
        refuseWhatComesLater();
        Launch launch = ranks.launch();
        Messages messages = new Messages(System.err, launch);
        Job job = JobFile.read(file, allSettings(), System.getenv()).withClassPath(classPath.entries());
        PoolOptions options = options(job);
        JobRun run = JobRun.prepare(job, oldResults.choice());
        if (run.recordedCode().isPresent()) {
            messages.say("the run in " + run.directory() + " is complete; nothing was evaluated");
            return run.recordedCode().getAsInt();
        }
        if (launch.isMpi() && launch.size() == 1 && pool.equals("auto")) {
            messages.say(launch.launcher().description() + " started one rank: it runs as threads");
        }
        GridRun evaluated = ranks.run(options, opened -> evaluate(run, opened, messages))
                .orElseThrow(() -> new IllegalStateException("the first rank is no master"));
        Written written = run.write(evaluated, poolName(launch));
        new RunReport(evaluated, written, run.directory()).tell(messages);
        System.out.print(json ? written.summary() : new RunReport(evaluated, written, run.directory()));
        return written.exitCode().code();
    }

    @SuppressWarnings("ClosingStandardOutputStreams") // a closed display leaves its stream open
    private GridRun evaluate(JobRun run, Pool opened, Messages messages) throws JobException {
        messages.say(PoolLine.of(opened, ranks.launch()));
        try (ProgressDisplay display = new ProgressDisplay(System.err, progress)) {
            return run.evaluate(opened, display);
        }
    }

    private void refuseWhatComesLater() throws JobException {
        Optional<String> option =
                LATER_POOLS.contains(pool.toLowerCase(Locale.ROOT)) ? Optional.of("--pool " + pool) : later.given();
        if (option.isPresent()) {
            throw new JobException(option.get() + " comes with a later version of astropool");
        }
    }

    private List<Setting> allSettings() throws JobException {
        List<Setting> all = new ArrayList<>();
        for (String setting : settings) {
            all.add(Setting.parse(setting));
        }
        if (seed != null) {
            all.add(new Setting("--seed", "job.seed", seed.toString()));
        }
        if (out != null) {
            all.add(Setting.ofString(
                    "--out", "output.directory", out.toAbsolutePath().toString()));
        }
        return all;
    }

    private PoolOptions options(Job job) throws JobException {
        try {
            return PoolOptions.defaults()
                    .carrier(pool)
                    .workers(workers)
                    .threads(threads)
                    .masterEvaluates(masterEvaluates)
                    .seed(job.seed());
        } catch (IllegalArgumentException e) {
            throw new JobException("--workers or --threads: " + e.getMessage());
        }
    }

    /** What "auto" came to. */
    private String poolName(Launch launch) {
        if (!pool.equals("auto")) {
            return pool;
        }
        return launch.isMpi() && launch.size() > 1 ? "mpi" : "threads";
    }
}
