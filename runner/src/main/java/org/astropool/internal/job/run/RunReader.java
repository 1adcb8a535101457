package org.astropool.internal.job.run;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.JsonFile;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.plan.Capacity;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.plan.ModelRecord;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointFailure;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.internal.job.result.ResultTables;
import org.astropool.internal.job.run.RunStatus.End;
import org.astropool.internal.job.run.RunStatus.FailureCount;
import org.astropool.internal.job.run.RunStatus.JournalFile;
import org.astropool.internal.job.run.RunStatus.Pace;
import org.astropool.internal.job.search.RunningSearch;
import org.astropool.internal.job.search.SearchPlan;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.job.table.TableWriter;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.internal.journal.LockHolder;
import org.astropool.internal.journal.Recovery;
import org.astropool.task.Output;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.StarTable;

/** Reads the output directory of a run, also during the run, and changes nothing in it. For one thread. */
public final class RunReader {
    private static final double NANOS = 1e-9;

    private final OutputDirectory directory;
    private final Optional<JsonObject> summary;
    private final Optional<LockHolder> holder;
    /** Bytes of memory that the points may use. */
    private final long memory;

    private @Nullable Points points;

    /** The content of the journal. */
    private record Points(
            EvaluationResult result,
            Plan plan,
            Optional<SearchResult> searchResult,
            Recovery recovery,
            Instant start,
            Pace pace) {}

    private RunReader(
            OutputDirectory directory, Optional<JsonObject> summary, Optional<LockHolder> holder, long memory) {
        this.directory = directory;
        this.summary = summary;
        this.holder = holder;
        this.memory = memory;
    }

    /**
     * A reader of a directory.
     *
     * @throws JobException when the directory holds no run, or it cannot be read
     */
    public static RunReader of(Path path) throws JobException {
        if (!Files.isDirectory(path)) {
            throw new JobException(path + " is not a directory; name the output directory of a run");
        }
        OutputDirectory directory = new OutputDirectory(path);
        try {
            JsonFile.checkRegular(directory.lock());
            JsonFile.checkRegular(directory.journal());
            RunReader reader = new RunReader(
                    directory,
                    summary(directory),
                    LockHolder.of(directory.lock()),
                    Runtime.getRuntime().maxMemory());
            reader.checkThatThereIsARun();
            return reader;
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * A reader of the run of this process. It leaves the lock alone: to close any channel of its file would release the
     * lock of this process (POSIX). It reads the points only if the run leaves enough memory for a second copy of them.
     */
    public static RunReader ofThisProcess(Path path) throws IOException {
        OutputDirectory directory = new OutputDirectory(path);
        Runtime runtime = Runtime.getRuntime();
        return new RunReader(
                directory,
                summary(directory),
                Optional.empty(),
                runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory());
    }

    private static Optional<JsonObject> summary(OutputDirectory directory) throws IOException {
        return json(directory.summary()); // it is written last
    }

    private static Optional<JsonObject> json(Path file) throws IOException {
        try {
            return Optional.of(JsonFile.read(file));
        } catch (NoSuchFileException | JsonFile.MalformedException e) {
            return Optional.empty();
        }
    }

    private void checkThatThereIsARun() throws JobException {
        if (isComplete() || Files.exists(directory.journal())) {
            return;
        }
        if (isStarting()) {
            return;
        }
        throw new JobException(directory.path() + " holds no run: neither a complete " + OutputDirectory.SUMMARY
                + " nor a journal; name the output directory of a run (out/NAME beside the job file, or its --out)");
    }

    /** Whether a run has claimed the directory and has no journal yet: its program or its workers are starting. */
    private boolean isStarting() {
        return !Files.exists(directory.journal())
                && holder.map(LockHolder::isRunning).orElse(false);
    }

    private boolean isComplete() {
        return summary.isPresent() && summary.get().getBoolean("complete");
    }

    /**
     * The status of the run, from its summary if it is complete, else from its journal.
     *
     * @throws JobException when it cannot be read
     */
    public RunStatus status() throws JobException {
        if (!isComplete() && isStarting()) {
            return starting();
        }
        try {
            return isComplete() && points == null ? fromSummary(summary.orElseThrow()) : fromJournal(points());
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Whether the points of the run are proposed by a search, as it goes on.
     *
     * @throws JobException when the record of the run cannot be read
     */
    public boolean isSearch() throws JobException {
        return RunRecord.read(directory.journal().resolveSibling(".")).job().plan() instanceof Plan.Search;
    }

    /**
     * What the workers did in each start of the run, the oldest first; empty for runs of earlier releases, and when the
     * workers of the first start have just begun.
     *
     * @throws JobException when it cannot be read
     */
    public List<ActivitySnapshot> activity() throws JobException {
        try {
            return ActivityFile.read(directory);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * The points that have an outcome.
     *
     * @throws JobException when the journal was removed, there is no point yet, or it cannot be read
     */
    public RunPoints runPoints() throws JobException {
        try {
            Points read = pointsWithOutputs();
            return new RunPoints(
                    directory.path(), read.result, read.searchResult, ActivityFile.readIfPossible(directory));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Everything that the directory says about the run. Points that cannot be read are left out, with the reason.
     *
     * @throws JobException when not even the status can be read
     */
    public RunContents contents() throws JobException {
        try {
            String whyNoPoints = "";
            if (points == null) {
                try {
                    points = read();
                } catch (JobException e) {
                    whyNoPoints = String.valueOf(e.getMessage());
                }
            }
            RunStatus status = points != null
                    ? fromJournal(points)
                    : summary.isPresent() ? fromSummary(summary.get()) : starting();
            return new RunContents(
                    status,
                    Optional.ofNullable(points).map(Points::result),
                    Optional.ofNullable(points).map(Points::plan),
                    Optional.ofNullable(points).flatMap(Points::searchResult),
                    whyNoPoints,
                    Optional.ofNullable(points).map(Points::start),
                    json(directory.journal().resolveSibling(RunRecord.FILE)),
                    summary,
                    ActivityFile.readIfPossible(directory),
                    json(directory.history()));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Writes a table of the points that have an outcome; completely or not at all.
     *
     * @param file ends in ecsv, fits, csv, votable or vot
     * @throws JobException when it ends otherwise, is a file of the run itself, or cannot be written
     */
    public void writeTable(Path file) throws JobException {
        TableFormat format = formatOf(file);
        try {
            if (directory.owns(file)) {
                throw new JobException("--table " + file + " would be a file of the run itself; choose another name");
            }
            writeTable(pointsWithOutputs(), format, file);
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static void writeTable(Points read, TableFormat format, Path file) throws JobException {
        try {
            StarTable table = read.searchResult
                    .flatMap(found -> found.tableSoFar(read.result))
                    .orElseGet(() -> new ResultTables(read.result).resultsSoFar());
            TableWriter.write(table, format, file.toAbsolutePath());
        } catch (IOException e) {
            throw new JobException("--table " + file + " cannot be written: " + e + "; choose another place");
        }
    }

    private static TableFormat formatOf(Path file) throws JobException {
        return TableFormat.ofFile(file)
                .orElseThrow(
                        () -> new JobException("--table " + file + ": the ending of the name gives the format, one of ."
                                + String.join(", .", TableFormat.labels())));
    }

    private Points pointsWithOutputs() throws JobException, IOException {
        Points read = points();
        if (read.result.spec().outputs().isEmpty()) {
            throw new JobException(
                    "the record of the run was written by an earlier release of astropool and does not contain"
                            + " the outputs of the model; run the job with --resume to add them, or to write the tables");
        }
        return read;
    }

    private Points points() throws JobException, IOException {
        if (points == null) {
            points = read();
        }
        return points;
    }

    private Points read() throws JobException, IOException {
        Path file = directory.journal();
        if (!isComplete() && isStarting()) {
            throw new JobException(holder.map(Object::toString).orElse("a run") + ", has taken " + directory.path()
                    + " and has no point yet; try again when its workers have started");
        }
        if (!Files.exists(file)) {
            throw new JobException("the journal " + file + " does not exist any more, the tables of the run are in "
                    + directory.path());
        }
        RunRecord record = RunRecord.read(file.resolveSibling("."));
        try {
            JournalHeader header = PointJournal.header(file);
            EvaluationSpec spec =
                    record.spec(header).with(record.model().record().orElse(ModelRecord.NONE));
            Optional<String> noMemory = Capacity.heapProblem(spec, memory, "wait for its tables");
            if (noMemory.isPresent()) {
                throw new JobException(noMemory.get());
            }
            Instant start = modified(file.resolveSibling(RunRecord.FILE));
            EvaluationResult result = new EvaluationResult(
                    spec,
                    Capacity.outputMemory(memory),
                    new JournalledOutputs(file, spec.points().size()));
            Recovery recovery = PointJournal.read(file, header, result);
            Instant last = modified(file); // after that: it may have grown while it was read
            Optional<SearchResult> searchResult =
                    record.job().plan() instanceof Plan.Search search && isBegun(SearchPlan.of(search), result)
                            ? SearchRunner.replay(result, started(SearchPlan.of(search), spec))
                            : Optional.empty();
            double seconds = Duration.between(start, last).toNanos() * NANOS;
            double rate = seconds > 0 ? (result.outcomes() - record.outcomesBefore()) / seconds : Double.NaN;
            return new Points(
                    result,
                    record.job().plan(),
                    searchResult,
                    recovery,
                    start,
                    new Pace(rate, result.timings().median(), last));
        } catch (UncheckedIOException e) { // of a data file
            throw new JobException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Whether a search can have a result. Otherwise the numbers that decide on its memory may be those of a damaged
     * record.
     */
    private static boolean isBegun(SearchPlan plan, EvaluationResult result) {
        return result.spec().hasLikelihood() && result.evaluated() >= plan.leastEvaluations();
    }

    private static RunningSearch started(SearchPlan plan, EvaluationSpec spec) throws JobException {
        try {
            return plan.start(spec.searchSpace());
        } catch (IllegalArgumentException | IOException e) {
            throw new JobException("[" + plan.key() + "]: " + e.getMessage());
        }
    }

    private static Instant modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    private RunStatus starting() {
        return new RunStatus(
                directory.path(),
                "",
                "",
                RunStatus.UNKNOWN,
                0,
                0,
                0,
                Map.of(),
                Optional.empty(),
                holder,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    private RunStatus fromJournal(Points read) throws IOException {
        EvaluationResult result = read.result;
        Path file = directory.journal();
        long bytes = Files.size(file);
        Map<String, Double> best = new LinkedHashMap<>();
        result.best().ifPresent(found -> {
            best.putAll(found.parameters());
            best.put(Output.LOG_LIKELIHOOD, found.logLikelihood());
        });
        return new RunStatus(
                directory.path(),
                result.spec().name(),
                result.spec().model().name(),
                result.spec().isSizeKnown() ? result.points() : RunStatus.UNKNOWN,
                result.count(PointStatus.OK),
                result.count(PointStatus.FAILED),
                result.count(PointStatus.SKIPPED),
                best,
                end(),
                holder,
                result.outcomes() > 0 ? Optional.of(read.pace) : Optional.empty(),
                failures(result),
                Optional.of(new JournalFile(
                        file,
                        bytes,
                        result.outcomes() > 0 ? (double) bytes / result.outcomes() : Double.NaN,
                        read.recovery.tornBytes(),
                        read.recovery.damages())));
    }

    private static List<FailureCount> failures(EvaluationResult result) {
        Map<String, FailureCount> kinds = new LinkedHashMap<>();
        for (PointFailure failure : result.failures()) {
            kinds.merge(
                    failure.kind(),
                    new FailureCount(failure.kind(), 1, failure),
                    (sum, one) -> new FailureCount(sum.kind(), sum.count() + 1, sum.example()));
        }
        List<FailureCount> sorted = new ArrayList<>(kinds.values());
        sorted.sort(Comparator.comparingInt(FailureCount::count).reversed());
        return sorted;
    }

    private RunStatus fromSummary(JsonObject json) throws IOException {
        Map<String, Double> best = new LinkedHashMap<>();
        JsonObject found = json.getObject("best");
        if (found != null) {
            found.keySet().forEach(name -> best.put(name, found.getDouble(name, Double.NaN)));
        }
        Path file = directory.journal();
        return new RunStatus(
                directory.path(),
                json.getString("job", ""),
                json.getString("model", ""),
                json.getLong("points"),
                json.getLong("ok"),
                json.getLong("failed"),
                json.getLong("skipped"),
                best,
                end(),
                holder,
                Optional.empty(),
                List.of(),
                Files.exists(file)
                        ? Optional.of(new JournalFile(file, Files.size(file), Double.NaN, 0, List.of()))
                        : Optional.empty());
    }

    private Optional<End> end() {
        return summary.map(
                json -> new End(json.getBoolean("complete"), json.getString("reason", ""), json.getInt("exit_code")));
    }

    private static JobException unreadable(OutputDirectory directory, IOException e) {
        return new JobException(
                "the run in " + directory.path() + " cannot be read: " + e + "; if it is being changed, try again");
    }
}
