package org.astropool.internal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.display.ProgressDisplay;
import org.astropool.internal.cli.display.WaitingNotice;
import org.astropool.internal.cli.options.DurationConverter;
import org.astropool.internal.cli.options.JobArguments;
import org.astropool.internal.cli.options.ResultOptions;
import org.astropool.internal.cli.report.RunReport;
import org.astropool.internal.job.DurationText;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.run.EvaluationRun;
import org.astropool.internal.job.run.JobRun;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunCancellation;
import org.astropool.internal.launch.Launch;
import org.astropool.internal.page.LiveReport;
import org.astropool.internal.system.ProcessStart;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.PoolOptions.MasterEvaluates;
import org.astropool.pool.ProgressListener;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Evaluates the points of a job file and writes tables and a summary.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # On all cores of this machine",
            "  astropool run job.toml",
            "  # With two threads, replacing old results",
            "  astropool run job.toml --workers 2 --overwrite",
            "  # With 8 ranks, with the same results; no other option is needed",
            "  mpiexec -n 8 astropool run job.toml",
            "  # With workers on other machines, see astropool worker --help",
            "  astropool run job.toml --pool hazelcast --listen 10.0.0.5:5701",
            "  # Only the points without a result from an earlier run",
            "  astropool run job.toml --resume",
            "  # With another value for a key of the job file",
            "  astropool run job.toml --set grid.w.count=81",
            "  # With the summary as JSON",
            "  astropool run job.toml --json | jq .best",
            "",
            "Job files are described in docs/job-file.md."
        })
final class RunCommand implements Callable<Integer> {
    private static final String LEASE = "ASTROPOOL_LEASE";

    /** Set by scripts of {@code astropool submit}. */
    private static final String ALLOCATION_START = "ASTROPOOL_ALLOCATION_START";

    /** A start of an allocation that is longer ago belongs to another start of the run, or to another run. */
    private static final Duration LONGEST_PREPARATION = Duration.ofHours(1);

    private final Ranks ranks;

    private @Nullable LiveReport liveReport;

    RunCommand(Ranks ranks) {
        this.ranks = ranks;
    }

    @Mixin
    private JobArguments arguments;

    @Option(
            names = Ranks.POOL,
            paramLabel = "POOL",
            description = "auto (under mpiexec: mpi, under mpjrun: mpj, else: threads), serial, threads, processes,"
                    + " mpi, mpj, or hazelcast (workers come and go). Default: ${DEFAULT-VALUE}.")
    private String pool = "auto";

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "Threads, for --pool threads; processes, for --pool processes; default: one per core. For --pool"
                            + " hazelcast: processes to start on this machine; default: none.")
    private int workers;

    @Option(
            names = Ranks.THREADS,
            paramLabel = "N",
            description = "Evaluation threads in each rank. Default: the rank's share of the cores.")
    private int threads;

    @Option(
            names = "--master-evaluates",
            paramLabel = "auto|yes|no",
            description = "Whether rank 0 also evaluates. Default: auto, which means if it has a free core.")
    private MasterEvaluates masterEvaluates = MasterEvaluates.AUTO;

    @Mixin
    private JoinSettings joinSettings;

    @Mixin
    private ResultOptions results;

    @Option(
            names = "--costs-from",
            paramLabel = "DIR",
            description = "Start the points first that took longest in the run with this output directory.")
    private @Nullable Path costsFrom;

    @Option(
            names = "--progress",
            paramLabel = "auto|bar|plain|none",
            description = "A bar, or lines at intervals. Default: auto, which means a bar on a terminal.")
    private ProgressDisplay.Style progress = ProgressDisplay.Style.AUTO;

    @Option(names = "--json", description = "Print the summary as one JSON document and nothing else.")
    private boolean json;

    @Option(
            names = "--time-limit",
            paramLabel = "T",
            converter = DurationConverter.class,
            description =
                    "End within this time, resumable (exit code 4): points that would take longer are not started.")
    private @Nullable Duration timeLimit;

    @Option(
            names = "--grace",
            paramLabel = "T",
            converter = DurationConverter.class,
            defaultValue = "10 s",
            description =
                    "How long to wait after a signal for the points that are being evaluated. Default: ${DEFAULT-VALUE}.")
    private Duration grace = Duration.ofSeconds(10);

    @Override
    public Integer call() throws Exception {
        try (ProgressDisplay display = ProgressDisplay.onStandardError(progress)) {
            return run(display);
        }
    }

    private int run(ProgressDisplay display) throws Exception {
        Messages messages = new Messages(System.err, ranks.launch());
        Map<String, String> environment = ranks.environment();
        RunFile runFile = new RunFile(environment);
        if (ranks.launch().rank() == 0) {
            runFile.options(grace, timeLimit);
        }
        RunCancellation stop = new RunCancellation();
        try (TerminationHandler ending = new TerminationHandler(stop, grace, environment, runFile, messages)) {
            ending.handleSignals();
            if (ranks.launch().carrier().equals("mpj")) {
                ending.watchSignalFile();
            }
            ending.scheduleEnd(timeLimit);
            return run(display, environment, ending, stop, runFile, messages);
        }
    }

    private int run(
            ProgressDisplay display,
            Map<String, String> environment,
            TerminationHandler ending,
            RunCancellation stop,
            RunFile runFile,
            Messages messages)
            throws Exception {
        try {
            Job job = arguments.read(results.settings(), environment);
            OutputDirectory directory = new OutputDirectory(job.output().directory());
            PoolOptions options = options(job)
                    .joining(joinSettings.options(directory, classPathOf(job), ranks.launch()))
                    .build();
            if (ranks.launch().rank() > 0) {
                return ranks.serveOverHazelcast(options);
            }
            try (JobRun run = prepare(job, environment, messages)) {
                run.startedAt(allocationStart(environment));
                if (costsFrom != null) {
                    run.costsFrom(costsFrom);
                }
                return run(run, options, ending, stop, display, runFile, messages);
            }
        } catch (Exception e) {
            Optional<ExitCode> code = ending.endedBeforeTheFirstPoint();
            if (code.isPresent()) { // an exception that the interrupt caused is ignored
                return code.get().code();
            }
            throw e;
        }
    }

    /** When the cores were allocated: before this process started, if the script of a batch job says so. */
    private static Instant allocationStart(Map<String, String> environment) {
        Instant process = ProcessStart.instant();
        try {
            Instant start = Instant.ofEpochSecond(Long.parseLong(environment.getOrDefault(ALLOCATION_START, "")));
            return start.isBefore(process) && start.isAfter(process.minus(LONGEST_PREPARATION)) ? start : process;
        } catch (NumberFormatException | DateTimeException e) {
            return process; // it is not set
        }
    }

    private JobRun prepare(Job job, Map<String, String> environment, Messages messages) throws JobException {
        OldResults old = results.oldResults();
        try (WaitingNotice notice = new WaitingNotice(messages::say, preparation(job))) {
            return JobRun.prepare(job, old, results.acceptsModelChanges(), environment);
        }
    }

    /** What takes long before a job is known to be in order. */
    static String preparation(Job job) {
        return job.model()
                .program()
                .filter(program -> !program.isCommand())
                .map(program -> "the program " + program.name() + " to say hello (start_timeout is "
                        + program.startTimeout().toSeconds() + " s)")
                .orElse("the data of the model to be read");
    }

    private static List<Path> classPathOf(Job job) {
        return job.model().classPath().stream().map(Path::of).toList();
    }

    private int run(
            JobRun run,
            PoolOptions options,
            TerminationHandler ending,
            RunCancellation stop,
            ProgressDisplay display,
            RunFile runFile,
            Messages messages)
            throws Exception {
        Launch launch = ranks.launch();
        run.reports().forEach(messages::say);
        if (run.recordedCode().isPresent()) {
            messages.say("the run in " + run.directory() + " is complete; nothing was evaluated");
            runFile.complete(run, run.recordedCode().getAsInt());
            return run.recordedCode().getAsInt();
        }
        if (run.finishedPoints() > 0) {
            String total =
                    run.spec().isSizeKnown() ? " of " + run.spec().points().size() : "";
            messages.say(run.finishedPoints() + total + " points are in the journal of " + run.directory());
        }
        if (!launch.carrier().isEmpty() && launch.size() == 1 && pool.equals("auto")) {
            messages.say(launch.launcher().description() + " started one rank: the run uses threads");
        }
        try (WaitingNotice notice = new WaitingNotice(messages::say, "the result of the first point, as a trial")) {
            run.tryFirstPoint();
        }
        try {
            EvaluationRun evaluated = ranks.run(
                            options, opened -> evaluate(run, opened, ending, stop, display, runFile, messages))
                    .orElseThrow(() -> new IllegalStateException("the first rank is no master"));
            Written written = run.write(evaluated, ranks.poolName(pool));
            runFile.ended(run, written);
            written = withReport(written, run);
            if (written.exitCode() == ExitCode.OK) {
                joinSettings.forget(new OutputDirectory(run.directory()));
            }
            RunReport report = new RunReport(written, run.directory());
            report.printProblems(messages::say);
            System.out.print(json ? written.summary() : report);
            return written.exitCode().code();
        } catch (IOException e) {
            runFile.resultsNotWritten(run);
            throw e;
        } finally {
            if (liveReport != null) {
                liveReport.close();
            }
        }
    }

    /** Writes the last report, if there is to be one. */
    private Written withReport(Written written, JobRun run) throws InterruptedException {
        return liveReport != null && liveReport.finish()
                ? written.with(new OutputDirectory(run.directory()).report())
                : written;
    }

    private EvaluationRun evaluate(
            JobRun run,
            Pool opened,
            TerminationHandler ending,
            RunCancellation stop,
            ProgressDisplay display,
            RunFile runFile,
            Messages messages)
            throws JobException, IOException {
        messages.say(PoolLine.of(opened, ranks.launch()));
        ranks.endProgramsThatNobodyNeeds(opened);
        opened.invitation().ifPresent(command -> messages.say("others can join: " + command));
        ending.beginWriting();
        run.begin();
        ending.beginEvaluation();
        runFile.started(run);
        try (display) {
            return run.evaluate(opened, stop, progressListener(run, opened, display, messages));
        }
    }

    private ProgressListener progressListener(JobRun run, Pool opened, ProgressDisplay display, Messages messages) {
        if (!run.hasReport()) {
            return display;
        }
        LiveReport report =
                LiveReport.ofRun(new OutputDirectory(run.directory()), run::isInPlace, opened.slots(), messages::say);
        liveReport = report;
        return progress -> {
            display.progress(progress);
            report.progress(progress);
        };
    }

    private PoolOptions.Builder options(Job job) throws JobException {
        try {
            return PoolOptions.builder()
                    .carrier(CarrierKind.of(pool))
                    .workers(workers)
                    .threads(threads)
                    .coresPerTask(job.model().cores())
                    .masterEvaluates(masterEvaluates)
                    .isolated(job.run().isolated())
                    .lease(lease())
                    .workerOutput(System.err::println)
                    .seed(job.seed());
        } catch (IllegalArgumentException e) {
            throw new JobException("--workers, --threads or " + LEASE + ": " + e.getMessage());
        }
    }

    /** How long a worker may be silent; for clusters whose nodes have long pauses, and for tests. */
    private Duration lease() {
        String text = ranks.environment().get(LEASE);
        return text == null ? Duration.ofSeconds(10) : DurationText.parse(text);
    }
}
