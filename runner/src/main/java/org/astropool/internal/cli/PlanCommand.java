package org.astropool.internal.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.astropool.internal.cli.display.ProgressDisplay;
import org.astropool.internal.cli.display.WaitingNotice;
import org.astropool.internal.cli.options.BatchTimeConverter;
import org.astropool.internal.cli.options.DurationConverter;
import org.astropool.internal.cli.options.JobArguments;
import org.astropool.internal.cli.options.OutputOptions;
import org.astropool.internal.cli.options.SizeConverter;
import org.astropool.internal.cli.process.NodeLimits;
import org.astropool.internal.cli.process.ProcessMemory;
import org.astropool.internal.cli.report.PlanReport;
import org.astropool.internal.cli.report.PlanReport.Needs;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.forecast.Allocation;
import org.astropool.internal.job.forecast.Allocations;
import org.astropool.internal.job.forecast.DurationModel;
import org.astropool.internal.job.forecast.DurationModel.Shape;
import org.astropool.internal.job.forecast.Forecaster;
import org.astropool.internal.job.forecast.Interval;
import org.astropool.internal.job.forecast.Request;
import org.astropool.internal.job.forecast.RoundsForecast;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.run.EvaluationRun;
import org.astropool.internal.job.run.JobRun;
import org.astropool.internal.job.run.JobRun.DiskNeed;
import org.astropool.internal.job.run.JobRun.OldResults;
import org.astropool.internal.job.run.JobRun.Written;
import org.astropool.internal.job.run.Pilot;
import org.astropool.internal.job.run.RunCancellation;
import org.astropool.internal.job.run.Termination;
import org.astropool.internal.job.search.Mixing;
import org.astropool.internal.job.search.SearchPlan;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.internal.system.ProcessStart;
import org.astropool.pool.CarrierKind;
import org.astropool.pool.PoolOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Evaluates some points of a job (a pilot), and predicts from their durations the core-hours and the time that"
                    + " the other points need on various numbers of nodes, with 90 %% intervals.",
            "The pilot is the beginning of a run: run --resume evaluates the other points."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  # For nodes with as many cores as this machine",
            "  astropool plan job.toml",
            "  # The fewest nodes that end within four hours",
            "  astropool plan job.toml --cores 128 --time 04:00:00",
            "  # The most nodes that this budget allows",
            "  astropool plan job.toml --cores 128 --max-core-hours 5000",
            "  # Two nodes, in allocations of one hour",
            "  astropool plan job.toml --cores 128 --nodes 2 --time 1h",
            "  # A table for these numbers of workers",
            "  astropool plan job.toml --workers 16,32,64",
            "",
            "The exit code is 2, and the reason is printed, if the run is not possible with",
            "these options. See docs/planning.md."
        })
final class PlanCommand implements Callable<Integer> {
    private static final int MOST_POINTS = 200;
    /** So many cores, nodes or workers are a mistake, and would take long to simulate. */
    private static final int MOST = 10_000_000;

    private static final double FEW = 30;
    private static final double MANY_FAILURES = 0.2;
    private static final double SHORT_SECONDS = 0.01;
    private static final double USABLE_MEMORY = 0.95;
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Ranks ranks;

    PlanCommand(Ranks ranks) {
        this.ranks = ranks;
    }

    @Mixin
    private JobArguments arguments;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--pilot",
            paramLabel = "N",
            description =
                    "The most points of the pilot, from 5 to 200; it has at most a tenth of all points, or 20. Default: 200.")
    private int pilotPoints = MOST_POINTS;

    @Option(
            names = "--pilot-time",
            paramLabel = "T",
            converter = DurationConverter.class,
            defaultValue = "5 min",
            description = "The time after which the pilot starts no more points. Default: ${DEFAULT-VALUE}.")
    private Duration pilotTime = Duration.ofMinutes(5);

    @Option(
            names = Ranks.POOL,
            paramLabel = "POOL",
            description =
                    "The pool of the pilot: auto, serial, threads, processes, mpi, mpj. Default: ${DEFAULT-VALUE}.")
    private String pool = "auto";

    @Option(
            names = Ranks.THREADS,
            paramLabel = "N",
            description = "Evaluation threads of the pilot. Default: one per core.")
    private int threads;

    @Option(
            names = "--cores",
            paramLabel = "N",
            description = "The number of cores of a node of the cluster. Default: that of this machine.")
    private int cores = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--workers-per-node",
            paramLabel = "N",
            description =
                    "Points that a node evaluates at the same time. Default: one per core, or fewer if a point needs several"
                            + " cores.")
    private int workersPerNode;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "The memory of a node, for instance 192GB. Default: that of this machine.")
    private @Nullable Double nodeMemory;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "Plan for this number of nodes, instead of the best one.")
    private @Nullable Integer nodes;

    @Option(
            names = "--workers",
            paramLabel = "N,...",
            hideParamSyntax = true,
            split = ",",
            description = "Show a table for these numbers of workers (ranks x threads), for instance 16,32,64.")
    private List<Integer> workers = new ArrayList<>();

    @Option(
            names = "--time",
            paramLabel = "T",
            converter = BatchTimeConverter.class,
            description =
                    "The time within which the run has to end, as for submit: 90min or 01:30:00. With --nodes: the time"
                            + " limit of an allocation.")
    private @Nullable Duration time;

    @Option(
            names = "--max-core-hours",
            paramLabel = "H",
            description = "The budget: plan for the most nodes that it allows.")
    private @Nullable Double mostCoreHours;

    @Option(
            names = "--effective-samples",
            paramLabel = "N",
            description =
                    "For [sampler]: predict the steps for this number of effective samples, instead of the steps of the job.")
    private @Nullable Double effectiveSamples;

    @Option(
            names = "--progress",
            paramLabel = "auto|bar|plain|none",
            description = "A bar, or lines at intervals. Default: auto, which means a bar on a terminal.")
    private ProgressDisplay.Style progress = ProgressDisplay.Style.AUTO;

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Messages messages = new Messages(System.err, ranks.launch());
        RunFile runFile = new RunFile(Map.of());
        RunCancellation stop = new RunCancellation();
        try (TerminationHandler ending = new TerminationHandler(stop, GRACE, ranks.environment(), runFile, messages)) {
            ending.handleSignals();
            ending.scheduleEnd(null);
            try {
                return plan(ending, stop, messages);
            } catch (Exception e) {
                List<String> reasons =
                        e instanceof JobException job ? job.problems() : List.of(String.valueOf(e.getMessage()));
                System.out.print(json && ranks.launch().rank() == 0 ? PlanReport.jsonWithout(reasons) : "");
                Optional<ExitCode> code = ending.endedBeforeTheFirstPoint();
                if (code.isPresent()) {
                    return code.get().code();
                }
                throw e;
            }
        }
    }

    private int plan(TerminationHandler ending, RunCancellation stop, Messages messages) throws Exception {
        checkOptions();
        Job job = arguments.read(output.settings(), ranks.environment());
        checkOptions(job);
        PoolOptions options = options(job);
        try (JobRun run = prepared(job, messages)) {
            run.startedAt(ProcessStart.instant());
            if (run.recordedCode().isPresent()) {
                messages.say("the run in " + run.directory() + " is complete; there is nothing to plan");
                System.out.print(json ? "{\"complete\": true}\n" : "");
                return run.recordedCode().getAsInt();
            }
            Pilot pilot = run.pilot(pilotPoints);
            PilotRun pilotRun = new PilotRun(ranks, ending, stop, messages);
            Optional<ExitCode> ended =
                    pilot.isDone() ? Optional.empty() : evaluated(run, options, pilot, pilotRun, messages);
            if (ended.isPresent()) {
                return ended.get().code();
            }
            return report(run, job, pilot, pilotRun, messages);
        }
    }

    private void checkOptions() throws JobException {
        boolean positive = cores > 0
                && pilotPoints > 0
                && workersPerNode >= 0
                && (nodes == null || nodes > 0)
                && workers.stream().allMatch(one -> one > 0)
                && (mostCoreHours == null || mostCoreHours > 0)
                && (effectiveSamples == null || effectiveSamples > 0);
        if (!positive) {
            throw new JobException("--pilot, --cores, --workers-per-node, --nodes, --workers, --max-core-hours and"
                    + " --effective-samples must be above 0");
        }
        if (pilotPoints > MOST_POINTS) {
            throw new JobException("--pilot " + pilotPoints + ": at most " + MOST_POINTS
                    + " points are evaluated to make a plan; more do not make it much better");
        }
        if (pilotPoints < DurationModel.LEAST) {
            throw new JobException("--pilot " + pilotPoints + ": fewer than " + DurationModel.LEAST
                    + " points say nothing about how much their durations differ");
        }
        int largest = Math.max(Math.max(cores, workersPerNode), nodes == null ? 0 : nodes);
        if (Math.max(largest, workers.stream().mapToInt(one -> one).max().orElse(0)) > MOST) {
            throw new JobException("--cores, --workers-per-node, --nodes and --workers must not be above " + MOST);
        }
        if (nodes != null && !workers.isEmpty()) {
            throw new JobException("--nodes and --workers are mutually exclusive");
        }
    }

    /** What can be checked only when the job is known. */
    private void checkOptions(Job job) throws JobException {
        boolean isSampler = job.plan() instanceof Plan.Search search
                && SearchPlan.of(search).roundCount() > 0;
        if (effectiveSamples != null && !isSampler) {
            throw new JobException("--effective-samples is for a [sampler], and this job has a ["
                    + job.plan().key() + "]; leave it out");
        }
        int needed = job.model().cores();
        if (needed > cores) {
            throw new JobException("a point needs " + needed + " cores (model.cores times model.ranks), a node has "
                    + cores + "; give the cores of a node of the cluster with --cores");
        }
        if (pool.equalsIgnoreCase("hazelcast")) {
            throw new JobException("--pool hazelcast: the workers of a plan must be there when it begins; leave --pool"
                    + " out, or give threads or processes, and then run --resume --pool hazelcast");
        }
    }

    private JobRun prepared(Job job, Messages messages) throws JobException {
        try (WaitingNotice notice = new WaitingNotice(messages::say, RunCommand.preparation(job))) {
            return JobRun.prepare(job, OldResults.RESUME, ranks.environment());
        }
    }

    /** Evaluates the pilot. Returns an exit code if no plan can be made after it. */
    private Optional<ExitCode> evaluated(
            JobRun run, PoolOptions options, Pilot pilot, PilotRun pilotRun, Messages messages) throws Exception {
        EvaluationRun evaluated = pilotRun.evaluate(run, options, pilot, pilotTime, progress);
        Written written = run.write(evaluated, ranks.poolName(pool));
        Optional<Termination> end = written.run().earlyEnd();
        if (end.isEmpty()) {
            messages.say("the pilot has evaluated all points: the run in " + run.directory() + " is complete");
            System.out.print(json ? "{\"complete\": true}\n" : "");
            return Optional.of(written.exitCode());
        }
        if (end.get().cause() != Termination.Cause.PILOT) {
            String why = "the pilot has ended early: " + end.get().message();
            messages.say(why);
            System.out.print(json ? PlanReport.jsonWithout(List.of(why)) : "");
            return Optional.of(written.exitCode());
        }
        return Optional.empty();
    }

    private PoolOptions options(Job job) throws JobException {
        try {
            return PoolOptions.builder()
                    .carrier(CarrierKind.of(pool))
                    .threads(threads)
                    .coresPerTask(job.model().cores())
                    .isolated(job.run().isolated())
                    .workerOutput(System.err::println)
                    .seed(job.seed())
                    .build();
        } catch (IllegalArgumentException e) {
            throw new JobException("--pool or --threads: " + e.getMessage());
        }
    }

    private int report(JobRun run, Job job, Pilot pilot, PilotRun pilotRun, Messages messages)
            throws JobException, IOException {
        DurationModel durations = pilot.durations()
                .orElseThrow(() -> new JobException("only " + pilot.result().evaluated()
                        + " points were evaluated; a plan needs at least " + DurationModel.LEAST
                        + ": give more --pilot-time"));
        int perNode = workersPerNode > 0
                ? workersPerNode
                : Math.max(1, cores / job.model().cores());
        Request request = new Request(
                cores,
                perNode,
                workersOfMaster(job, perNode),
                pilotRun.hasMeasured() ? pilotRun.startSeconds() : run.startSecondsBefore(),
                time == null ? OptionalDouble.empty() : OptionalDouble.of(time.toMillis() * 1e-3),
                mostCoreHours == null ? OptionalDouble.empty() : OptionalDouble.of(mostCoreHours),
                nodes == null ? OptionalInt.empty() : OptionalInt.of(nodes),
                workers);
        List<String> warnings = warnings(pilot, durations);
        if (nodeMemory != null && !pilotRun.hasMeasured()) {
            warnings.add("--memory was not compared with what the run needs: only the plan that evaluates the pilot"
                    + " measures memory");
        }
        Optional<Mixing> mixing = run.searchSoFar().flatMap(SearchResult::mixing);
        Optional<SearchPlan> search =
                job.plan() instanceof Plan.Search plan ? Optional.of(SearchPlan.of(plan)) : Optional.empty();
        long rounds = search.map(plan -> roundsLeft(plan, mixing, warnings)).orElse(0L);
        Optional<Allocations> allocations =
                forecaster(job, pilot, durations, search, rounds).map(one -> new Allocations(one, request));
        Optional<Allocation> best = allocations.flatMap(Allocations::best);
        long left = search.isEmpty() ? pilot.left() : rounds * search.get().evaluationsPerRound();
        DiskNeed disk = run.diskNeed(left);
        Needs needs = needs(disk, pilotRun.memory(), perNode);
        List<String> refusals = new ArrayList<>();
        allocations.ifPresent(some -> refusals.addAll(some.refusals(pilot.longestSeconds())));
        refusals.addAll(refusals(needs, perNode));
        pilot.failure()
                .ifPresent(
                        failure -> refusals.add(
                                "all " + pilot.result().evaluated()
                                        + " points that were evaluated have failed, for instance " + failure
                                        + "; see failures.ecsv, correct the model and begin again with another --out or run --overwrite"));
        PlanReport report = new PlanReport(
                job.name(),
                run.directory().toString(),
                run.spec().isSizeKnown() ? pilot.result().points() : -1,
                pilot.result().evaluated(),
                pilot.result().count(PointStatus.FAILED),
                pilot.batch(),
                durations,
                Arrays.stream(durations.trendFeatures())
                        .mapToObj(pilot.features()::get)
                        .toList(),
                request.startSeconds(),
                allocations.map(Allocations::table).orElse(List.of()),
                best,
                reason(),
                best.isPresent() ? allocations.get().starts(best.get(), durations.meanSeconds()) : OptionalInt.empty(),
                allocations.isPresent() ? OptionalInt.of(allocations.get().worthwhileNodes()) : OptionalInt.empty(),
                needs,
                mixing,
                search.filter(plan -> plan.roundCount() > 0).map(plan -> step(durations, plan, perNode, job)),
                warnings,
                refusals);
        System.out.print(json ? report.json() : report);
        refusals.forEach(refusal -> messages.say("this cannot work: " + refusal));
        return refusals.isEmpty() ? ExitCode.OK.code() : ExitCode.USAGE.code();
    }

    /** Under a launcher, a core of the first node is for the communication of the master. */
    private int workersOfMaster(Job job, int perNode) {
        return Math.min(perNode, (cores - 1) / job.model().cores());
    }

    private String reason() {
        if (nodes != null) {
            return "as given";
        }
        if (time != null) {
            return "the fewest that are sure to end in time";
        }
        return mostCoreHours != null ? "the most that the budget allows and that pay" : "the most that pay";
    }

    private static List<String> warnings(Pilot pilot, DurationModel durations) {
        List<String> warnings = new ArrayList<>();
        if (durations.shape() == Shape.HEAVY_TAIL) {
            warnings.add(
                    "a few points take very much longer than the others, and longer ones than in the pilot are to be"
                            + " expected: the intervals are not reliable");
        }
        if (durations.count() < FEW) {
            warnings.add(
                    "only " + durations.count() + " durations were measured: the intervals are wide, or too narrow");
        }
        if (durations.medianSeconds() < SHORT_SECONDS) {
            warnings.add("the points are so short that the warm-up of Java and the handing out of points count: the"
                    + " prediction is rough");
        }
        double failed = pilot.result().count(PointStatus.FAILED);
        if (failed > MANY_FAILURES * pilot.result().evaluated()) {
            warnings.add((int) failed + " of " + pilot.result().evaluated() + " points failed");
        }
        return warnings;
    }

    private long roundsLeft(SearchPlan plan, Optional<Mixing> mixing, List<String> warnings) {
        int done = mixing.map(Mixing::steps).orElse(0);
        long steps = plan.roundCount() / 2;
        if (effectiveSamples != null && mixing.isPresent()) {
            steps = mixing.get().stepsFor(effectiveSamples);
            if (!mixing.get().isReliable()) {
                warnings.add("the steps for " + Math.round(effectiveSamples)
                        + " effective samples are a guess until the chain is longer than " + Mixing.RELIABLE
                        + " autocorrelation times");
            }
        } else if (effectiveSamples != null) {
            warnings.add("the chain is too short for an autocorrelation time: the steps are those of the job");
        }
        return plan.roundCount() == 0 ? 0 : 2 * Math.max(0, steps - done);
    }

    private static Optional<Forecaster> forecaster(
            Job job, Pilot pilot, DurationModel durations, Optional<SearchPlan> search, long rounds) {
        if (search.isEmpty()) {
            return Optional.of(pilot.forecast(durations));
        }
        return rounds == 0
                ? Optional.empty()
                : Optional.of(new RoundsForecast(durations, rounds, search.get().evaluationsPerRound(), job.seed()));
    }

    private static Interval step(DurationModel durations, SearchPlan plan, int workers, Job job) {
        return new RoundsForecast(durations, 2, plan.evaluationsPerRound(), job.seed())
                .on(workers)
                .wallSeconds();
    }

    private Needs needs(DiskNeed disk, ProcessMemory memory, int perNode) {
        double node = memory.processBytes() == 0 ? 0 : memory.processBytes() + (double) perNode * memory.childBytes();
        double usable = nodeMemory != null
                ? nodeMemory
                : NodeLimits.ofThisProcess().usableMemory().orElse(0);
        return new Needs(memory.processBytes(), memory.childBytes(), node, usable, disk.bytes(), disk.freeBytes());
    }

    private static List<String> refusals(Needs needs, int perNode) {
        List<String> refusals = new ArrayList<>();
        double usable = USABLE_MEMORY * needs.usableBytes();
        if (needs.usableBytes() > 0 && needs.nodeBytes() > usable) {
            int most = needs.programBytes() > 0
                    ? (int) Math.max(0, (usable - needs.rankBytes()) / needs.programBytes())
                    : 0;
            refusals.add(perNode + " workers of a node need about " + PlanReport.size(needs.nodeBytes())
                    + " of memory, it has " + PlanReport.size(needs.usableBytes())
                    + (most > 0 ? "; use --workers-per-node " + most : "; use nodes with more memory"));
        }
        if (needs.diskBytes() > needs.freeBytes()) {
            refusals.add("the journal and the result files will need about " + PlanReport.size(needs.diskBytes())
                    + " more, " + PlanReport.size(needs.freeBytes())
                    + " are free; make room, or choose another --out");
        }
        return refusals;
    }
}
