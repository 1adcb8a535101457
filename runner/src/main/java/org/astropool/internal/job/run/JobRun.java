package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongToDoubleFunction;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.Ledger;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.engine.Engine;
import org.astropool.internal.job.ExitCode;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.plan.Capacity;
import org.astropool.internal.job.plan.DataFile;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.plan.ProgramUse;
import org.astropool.internal.job.plan.Shards;
import org.astropool.internal.job.plan.TrialEvaluation;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.run.Termination.Cause;
import org.astropool.internal.job.search.RunningSearch;
import org.astropool.internal.job.search.SearchPlan;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.RunLock;
import org.astropool.internal.program.CoProcessModel;
import org.astropool.pool.Pool;
import org.astropool.pool.ProgressListener;
import org.jspecify.annotations.Nullable;

/**
 * Checks a job, evaluates it and writes its results. Nothing is written before everything that can be checked was
 * checked. After that every finished point is in the journal within a second, so that no more than that is lost when
 * the run ends in any way.
 */
public final class JobRun implements AutoCloseable {

    /** What to do about existing results. */
    public enum OldResults {
        /** Refuse to start. */
        KEEP,
        /** Continue the run. */
        RESUME,
        /** Continue the run, and evaluate failed points again. */
        RETRY_FAILED,
        /** Remove them. */
        OVERWRITE;

        boolean areContinued() {
            return this == RESUME || this == RETRY_FAILED;
        }
    }

    /**
     * What was written.
     *
     * @param run the evaluated points; ended early when its directory was lost meanwhile
     * @param exitCode the exit code of the run
     * @param files result files, the summary last, apart from the report
     */
    public record Written(EvaluationRun run, ExitCode exitCode, Summary summary, List<Path> files) {

        /** The same with one more file. */
        public Written with(Path file) {
            List<Path> more = new ArrayList<>(files);
            more.add(file);
            return new Written(run, exitCode, summary, List.copyOf(more));
        }
    }

    private final Job job;
    private final OldResults oldResults;
    private final boolean acceptsModelChanges;
    private final OutputDirectory directory;
    private final List<TableFormat> formats;
    private final @Nullable Shards shards;
    private final List<String> reports = new ArrayList<>();
    private EvaluationSpec spec;
    private OptionalInt recordedCode = OptionalInt.empty();
    private @Nullable RunLock lock;
    private @Nullable Journal journal;
    private @Nullable JournalledOutputs journalled;
    private @Nullable EvaluationResult result;
    private @Nullable LongToDoubleFunction costs;
    private @Nullable List<DataFile> dataFiles;
    private @Nullable EarlierRun continued;
    private @Nullable Claim claim;
    private @Nullable ActivityLog activity;
    private Instant started = Instant.now();
    private boolean begun;
    private boolean journalFailed;

    private JobRun(Job job, EvaluationSpec spec, OldResults oldResults, boolean acceptsModelChanges) {
        this.acceptsModelChanges = acceptsModelChanges;
        this.job = job;
        this.spec = spec;
        this.oldResults = oldResults;
        this.directory = new OutputDirectory(job.output().directory());
        this.formats = job.output().formats().isEmpty()
                ? spec.defaultFormats()
                : job.output().formats();
        this.shards =
                job.plan() instanceof Plan.Design ? Shards.of(spec, job.output().shardRows()) : null;
        this.costs = EvaluationRunner.expectedCosts(spec);
    }

    /**
     * Checks a job, creates and locks its output directory, and reads the results of an earlier run.
     *
     * @param environment environment variables, which may name the job of a batch system
     * @throws JobException with all problems that were found
     */
    public static JobRun prepare(Job job, OldResults oldResults, Map<String, String> environment) throws JobException {
        return prepare(job, oldResults, false, environment);
    }

    /**
     * The same.
     *
     * @param acceptsModelChanges whether a run may be continued with another model than it was begun with
     */
    public static JobRun prepare(
            Job job, OldResults oldResults, boolean acceptsModelChanges, Map<String, String> environment)
            throws JobException {
        OutputDirectory directory = new OutputDirectory(job.output().directory());
        Claim claim = null;
        EvaluationSpec spec;
        try {
            if (isStarted(job) && !(oldResults.areContinued() && directory.isComplete())) {
                claim = new Claim(directory, oldResults, environment);
            }
            spec = EvaluationSpec.of(job, claim == null ? ProgramUse.DECLARE : ProgramUse.EVALUATE);
        } catch (IOException e) {
            throw unusable(directory, e);
        } catch (JobException | RuntimeException e) {
            if (claim != null) {
                claim.withdraw();
            }
            throw e;
        }
        JobRun run = new JobRun(job, spec, oldResults, acceptsModelChanges);
        try {
            run.claim = claim;
            run.prepare(environment);
            return run;
        } catch (IOException e) {
            run.closeAfterFailure();
            throw unusable(directory, e);
        } catch (JobException | RuntimeException e) {
            run.closeAfterFailure();
            throw e;
        }
    }

    /**
     * Checks a job as {@link #prepare} does, but creates, locks and writes nothing: for a run that starts later.
     *
     * @return the exit code of the complete run that is there, if it would be resumed
     * @throws JobException with all problems that were found
     */
    public static OptionalInt check(Job job, OldResults oldResults, boolean acceptsModelChanges) throws JobException {
        try {
            JobRun run = new JobRun(job, EvaluationSpec.of(job, ProgramUse.DECLARE), oldResults, acceptsModelChanges);
            OutputDirectory directory = run.directory;
            run.checkRetries();
            run.checkCapacity();
            if (oldResults == OldResults.KEEP) {
                directory.checkThatNoneAreKept();
            }
            if (!oldResults.areContinued() || directory.ours().isEmpty()) {
                return OptionalInt.empty();
            }
            EarlierRun earlier = EarlierRun.of(job, run.spec, directory, acceptsModelChanges, run.reports);
            OptionalInt complete = oldResults == OldResults.RESUME && !earlier.isExtended()
                    ? earlier.recordedCode()
                    : OptionalInt.empty();
            if (complete.isEmpty()) {
                run.spec = earlier.spec();
                earlier.checkJournal(run.dataFiles());
            }
            return complete;
        } catch (IOException e) {
            throw unusable(new OutputDirectory(job.output().directory()), e);
        } finally {
            CoProcessModel.endSpare();
        }
    }

    /** Whether a program is started to learn what it declares, which may take long. */
    private static boolean isStarted(Job job) {
        return job.model().program().filter(program -> !program.isCommand()).isPresent();
    }

    private static JobException unusable(OutputDirectory directory, IOException e) {
        return new JobException(
                "the output directory " + directory.path() + " cannot be used: " + e + "; choose another with --out");
    }

    private void checkRetries() throws JobException {
        if (oldResults == OldResults.RETRY_FAILED && job.plan() instanceof Plan.Search plan) {
            throw new JobException("--retry-failed: points that failed are part of the path of a [" + plan.key()
                    + "], so that they cannot be evaluated again; --resume continues it, --overwrite"
                    + " begins it again");
        }
    }

    private void prepare(Map<String, String> environment) throws JobException, IOException {
        checkRetries();
        EarlierRun earlier = oldResults.areContinued() && !directory.ours().isEmpty()
                ? EarlierRun.of(job, spec, directory, acceptsModelChanges, reports)
                : null;
        if (earlier != null) {
            continued = earlier;
            spec = earlier.spec();
            OptionalInt code = earlier.recordedCode();
            if (code.isPresent() && oldResults == OldResults.RESUME && !earlier.isExtended()) {
                recordedCode = code;
                return;
            }
        }
        checkCapacity();
        if (claim == null) {
            claim = new Claim(directory, oldResults, environment);
        }
        lock = claim.lock();
        lock.takenOver().ifPresent(reports::add);
        JournalledOutputs outputs =
                new JournalledOutputs(directory.journal(), spec.points().size());
        journalled = outputs;
        EvaluationResult points = new EvaluationResult(
                spec, Capacity.outputMemory(Runtime.getRuntime().maxMemory()), outputs);
        if (earlier != null) {
            journal = earlier.reopenJournal(points, dataFiles());
        }
        result = points;
    }

    /** Read once: they may be large. */
    private List<DataFile> dataFiles() {
        List<DataFile> files = dataFiles;
        if (files == null) {
            files = Digests.dataFiles(spec);
            dataFiles = files;
        }
        return files;
    }

    private void checkCapacity() throws JobException {
        String place = job.origin().of(job.plan().key()) + ": ";
        List<String> problems = Capacity.problems(
                        spec,
                        directory.path(),
                        formats,
                        shards == null ? spec.points().size() : shards.rows(),
                        Runtime.getRuntime().maxMemory())
                .stream()
                .map(problem -> place + problem)
                .toList();
        if (!problems.isEmpty()) {
            throw new JobException(problems);
        }
    }

    /**
     * Starts the points that took longest in an earlier run first.
     *
     * @param run the output directory of a complete run of the same points
     * @throws JobException when it has no timings, or they are of other points
     */
    public void costsFrom(Path run) throws JobException {
        costs = MeasuredCosts.of(run, spec.points().size());
    }

    /**
     * When the run got its cores: the start of its process, or of the allocation. If an earlier start of the run in the
     * same allocation has ended later, they are counted from then on.
     */
    public void startedAt(Instant time) {
        started = time;
    }

    public EvaluationSpec spec() {
        return spec;
    }

    public Path directory() {
        return directory.path();
    }

    /** Messages about problems with the earlier run. */
    public List<String> reports() {
        return List.copyOf(reports);
    }

    /**
     * The exit code of the earlier run when it is complete and {@link OldResults#RESUME} was given: nothing is left to
     * do.
     */
    public OptionalInt recordedCode() {
        return recordedCode;
    }

    /**
     * Bytes that the run is going to need on the disk, in view of the points that it has; and those that are free.
     *
     * @param left how many points are still to be evaluated
     */
    public DiskNeed diskNeed(double left) throws IOException {
        long outcomes = points().outcomes();
        double journalBytes = outcomes == 0 ? 0 : (double) Files.size(directory.journal()) / outcomes;
        return new DiskNeed(
                journalBytes,
                left * journalBytes + Capacity.resultBytes(spec, formats),
                Capacity.freeBytes(directory.path()));
    }

    /**
     * Disk space.
     *
     * @param journalBytesPerPoint as measured
     * @param bytes what the journal will grow by, and the result files
     * @param freeBytes of the output directory
     */
    public record DiskNeed(double journalBytesPerPoint, double bytes, double freeBytes) {}

    /** How many points have an outcome, from this run or from the journal of an earlier one. */
    public long finishedPoints() {
        EvaluationResult points = result;
        return points == null ? spec.points().size() : points.evaluated();
    }

    /**
     * Removes results that are to be overwritten, and opens the journal. To be called when the pool is open.
     *
     * @throws JobException when old results cannot be removed
     * @throws IOException when the journal cannot be created
     */
    public void begin() throws JobException, IOException {
        begun = true;
        try {
            directory.clear(journal == null);
            if (oldResults == OldResults.OVERWRITE) {
                directory.removeBatchFiles();
            }
            if (journal == null) {
                journal = PointJournal.create(directory.journal(), job, spec, dataFiles());
            } else {
                if (continued != null && continued.isExtended()) {
                    journal = PointJournal.renew(directory.journal(), journal, spec, dataFiles());
                }
                // Class path and folders may differ from those of the earlier run.
                RunRecord.write(directory.journal().resolveSibling("."), job, spec, dataFiles(), points().outcomes());
            }
            if (oldResults == OldResults.RETRY_FAILED) {
                FailedOutcomes.withdraw(journal, points());
            }
        } catch (IOException e) {
            throw isLost() ? new IOException(lost().message(), e) : e;
        }
    }

    /**
     * Evaluates the first point of a program in this process, to detect before anything is started that it cannot work.
     * The result is not used, and the wait is short.
     *
     * @throws JobException when the program cannot be started, or its answer has the wrong form
     */
    public void tryFirstPoint() throws JobException {
        if (job.model().program().isPresent()) {
            TrialEvaluation.checkFirst(spec, job);
        }
    }

    /**
     * Evaluates the points that are missing; see {@link EvaluationRunner#run}.
     *
     * @param stop ends the run early
     */
    public EvaluationRun evaluate(Pool pool, RunCancellation stop, ProgressListener progress) {
        EvaluationResult points = points();
        watch(pool, stop);
        RunControls controls = new RunControls(job.run(), stop, journal, progress, costs);
        return flushed(
                job.plan() instanceof Plan.Search plan
                        ? SearchRunner.run(pool, points, search(plan), controls)
                        : EvaluationRunner.run(pool, points, points.missing(), controls));
    }

    /** Ends the run when its directory is lost, and records what the workers do. */
    private void watch(Pool pool, RunCancellation stop) {
        if (lock != null) {
            lock.onLost(() -> stop.end(lost()));
        }
        Journal written = journal;
        List<ActivitySnapshot> earlier = ActivityFile.readIfPossible(directory);
        Instant begin = earlier.isEmpty() ? started : latest(started, endOf(earlier.get(earlier.size() - 1)));
        Engine.activity(pool)
                .ifPresent(recorded -> activity = new ActivityLog(
                        directory, recorded, begin, earlier, () -> written == null ? 0 : written.writingSeconds()));
    }

    /**
     * The points of a pilot. To be called before {@link #evaluatePilot}.
     *
     * @param most how many at most
     */
    public Pilot pilot(int most) {
        return new Pilot(points(), job.plan() instanceof Plan.Search, most);
    }

    /**
     * Evaluates the points of a pilot that are missing. The run then is one that has ended early, unless they were the
     * last ones.
     *
     * @param stop ends the pilot early
     */
    public EvaluationRun evaluatePilot(Pool pool, Pilot pilot, RunCancellation stop, ProgressListener progress) {
        watch(pool, stop);
        EvaluationRun run;
        if (job.plan() instanceof Plan.Search plan) {
            RunControls controls = new RunControls(job.run(), stop, journal, progress, null);
            run = SearchRunner.run(pool, points(), search(plan), controls, pilot.count());
        } else {
            run = EvaluationRunner.run(
                    pool, points(), pilot.wanted(), new RunControls(job.run(), stop, journal, progress, pilot.order()));
            if (run.isComplete() && !points().missing().isEmpty()) {
                run = run.endedBy(Termination.afterPilot());
            }
        }
        return flushed(run);
    }

    /** How long the last earlier start took until its workers were ready; 0 if there was none. */
    public double startSecondsBefore() {
        List<ActivitySnapshot> starts = ActivityFile.readIfPossible(directory);
        return starts.isEmpty()
                ? 0
                : starts.get(starts.size() - 1).workers().stream()
                        .mapToDouble(WorkerActivity::ready)
                        .filter(Double::isFinite)
                        .max()
                        .orElse(0);
    }

    /** What a search has found so far; empty for other kinds of jobs, and before it has found anything. */
    public Optional<SearchResult> searchSoFar() {
        return job.plan() instanceof Plan.Search plan ? SearchRunner.replay(points(), search(plan)) : Optional.empty();
    }

    private static Instant endOf(ActivitySnapshot start) {
        return start.started().plusMillis((long) (start.wallSeconds() * 1e3));
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private RunningSearch search(Plan.Search plan) {
        try {
            return SearchPlan.of(plan).start(spec.searchSpace());
        } catch (IOException e) {
            throw new IllegalStateException("the search was checked before", e);
        }
    }

    /** Why this run has lost its output directory. */
    private Termination lost() {
        boolean hasJournal = journal == null ? Files.exists(directory.journal()) : journal.isInPlace();
        if (lock != null && !lock.isHeld() && !lock.isGone()) {
            return new Termination(
                    Cause.TAKEN_OVER,
                    "another run has taken over " + directory.path() + ", since this one did not renew its lock");
        }
        String what = hasJournal
                ? "the lock " + directory.lock()
                : Files.exists(directory.path())
                        ? "the journal " + directory.journal()
                        : "the output directory " + directory.path();
        return new Termination(
                Cause.DIRECTORY_LOST,
                what + " was removed, renamed or replaced during the run"
                        + (hasJournal
                                ? "; the points are in the journal, --resume evaluates the others"
                                : "; if it was renamed, its journal has the points, and --resume continues"
                                        + " with them after it is renamed back, or with --out; if it was"
                                        + " removed they are lost, and the same command begins again"));
    }

    /** Whether the output directory does not exist any more or belongs to another run. */
    private boolean isLost() {
        return (lock != null && !lock.isHeld()) || (journal != null && !journal.isInPlace());
    }

    /** Whether the output directory still exists and belongs to this run. For any thread. */
    public boolean isInPlace() {
        return !isLost();
    }

    /** Whether a report is to be written while it runs. */
    public boolean hasReport() {
        return job.output().report();
    }

    private EvaluationResult points() {
        return Objects.requireNonNull(result, "a complete run is not evaluated");
    }

    /** The last outcomes must be on disk before the run reports its result. */
    private EvaluationRun flushed(EvaluationRun run) {
        try {
            if (journal != null) {
                journal.flush();
            }
            return run;
        } catch (IOException e) {
            journalFailed = true;
            return run.endedBy(isLost() ? lost() : new Termination(Cause.NO_ROOM, String.valueOf(e.getMessage())));
        }
    }

    /**
     * Writes the tables, and the summary last. For a run that ended early, only failures and summary are written; and
     * nothing when another run has taken over the directory, or it does not exist any more.
     *
     * @param pool the name of the pool, for the summary
     * @throws IOException when the disk is full; the points are in the journal
     */
    public Written write(EvaluationRun evaluated, String pool) throws IOException {
        EvaluationRun run = isLost() ? evaluated.endedBy(lost()) : evaluated;
        try {
            return writeFiles(run, pool);
        } catch (IOException e) {
            if (isLost()) { // just now
                return writeFiles(run.endedBy(lost()), pool);
            }
            if (journalFailed) { // the disk is full: the first failure has the complete message
                throw new IOException(run.earlyEnd().orElseThrow().message(), e);
            }
            throw new IOException(
                    e.getMessage() + "; the points are in the journal: free disk space, then use --resume", e);
        }
    }

    private Written writeFiles(EvaluationRun run, String pool) throws IOException {
        boolean lost = run.earlyEnd()
                .map(Termination::cause)
                .map(Cause::isWithoutDirectory)
                .orElse(false);
        ExitCode exitCode = exitCode(run);
        ResultFiles files = new ResultFiles(directory, formats, shards);
        if (!lost) { // else the files belong to another run, or their directory does not exist
            files.writeTables(run);
            directory.removeLogs(false);
        }
        Optional<Ledger> ledger = activity == null || lost ? Optional.empty() : activity.end();
        Summary summary = Summary.of(run, pool, exitCode, ledger);
        if (!lost) {
            files.writeSummary(summary);
        }
        return new Written(run, exitCode, summary, files.written());
    }

    private ExitCode exitCode(EvaluationRun run) {
        if (run.earlyEnd().isPresent()) {
            return run.earlyEnd().get().cause().exitCode();
        }
        if (run.searchResult().isPresent()) {
            return ExitCode.OK; // a failed point is a rejected move
        }
        int failed = run.result().count(PointStatus.FAILED);
        return job.run().allowFailures().allows(failed, run.result().points()) ? ExitCode.OK : ExitCode.FAILURES;
    }

    private void closeAfterFailure() {
        try {
            close();
        } catch (IOException e) {
            // the exception that led here is thrown
        }
    }

    /** Lets other runs use the directory. Idempotent. */
    @Override
    public void close() throws IOException {
        try {
            if (journal != null) {
                journal.close();
            }
        } catch (IOException e) {
            if (!journalFailed) { // else it was reported
                throw e;
            }
        } finally {
            if (activity != null) {
                activity.close();
            }
            if (journalled != null) {
                journalled.close();
            }
            CoProcessModel.endSpare();
            if (claim != null && !begun) {
                claim.withdraw();
            } else if (lock != null) {
                lock.close();
            }
            lock = null;
            claim = null;
        }
    }
}
