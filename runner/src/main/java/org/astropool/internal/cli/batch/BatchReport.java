package org.astropool.internal.cli.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.astropool.internal.batch.BatchRecord;
import org.astropool.internal.batch.BatchStart;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.JobState;
import org.astropool.internal.batch.JobState.Phase;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunStatus;
import org.jspecify.annotations.Nullable;

/** What is known of the batch jobs of a run, for {@code astropool status}. Immutable. */
public final class BatchReport {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final OutputDirectory directory;
    private final BatchRecord record;
    private final Map<String, JobState> states;
    private final Map<String, JobState> joined;
    /** Why the batch system could not be asked; "" when it could. */
    private final String problem;

    private BatchReport(
            OutputDirectory directory,
            BatchRecord record,
            Map<String, JobState> states,
            Map<String, JobState> joined,
            String problem) {
        this.directory = directory;
        this.record = record;
        this.states = states;
        this.joined = joined;
        this.problem = problem;
    }

    /**
     * The batch jobs of an output directory. Asks the batch system.
     *
     * @return empty when it was not submitted
     * @throws JobException when the record cannot be read
     */
    public static Optional<BatchReport> of(Path folder) throws JobException {
        OutputDirectory directory = new OutputDirectory(folder.toAbsolutePath().normalize());
        Optional<BatchRecord> record = BatchRecord.readIfPresent(directory.batchRecord());
        if (record.isEmpty()) {
            return Optional.empty();
        }
        try {
            BatchSystem system = BatchSystem.of(record.get().system());
            Map<String, JobState> states = system.states(record.get().jobs(), directory.batchScript());
            Map<String, JobState> joined =
                    new TreeMap<>(system.states(record.get().joined(), directory.joinScript()));
            return Optional.of(new BatchReport(directory, record.get(), states, joined, ""));
        } catch (JobException e) {
            return Optional.of(
                    new BatchReport(directory, record.get(), Map.of(), Map.of(), String.valueOf(e.getMessage())));
        }
    }

    /** The name of the job file's job. */
    public String name() {
        return record.name();
    }

    /** What {@code status} shows, by its label. */
    public Map<String, String> rows(Optional<RunStatus> run) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("batch job", state());
        if (!record.joined().isEmpty()) {
            rows.put("more nodes", joined());
        }
        rows.put("starts", starts());
        rows.put("core-hours", coreHours(run));
        if (BatchStepCommand.isChanged(record)) {
            rows.put("job file", BatchStepCommand.changed(record, directory));
        }
        return rows;
    }

    /** The job that runs or waits, or why there is none. */
    public String state() {
        List<String> jobs = record.jobs();
        for (String job : jobs) {
            JobState state = states.get(job);
            if (state != null && state.isAlive()) {
                String expected = state.expected()
                        .map(time -> ", may start at " + TIME.format(time))
                        .orElse("");
                return job + " " + state.word() + (state.reason().isEmpty() ? "" : " (" + state.reason() + ")")
                        + expected;
            }
        }
        if (!problem.isEmpty()) {
            return (jobs.isEmpty() ? "unknown" : jobs.get(jobs.size() - 1) + " unknown") + ": " + problem;
        }
        if (jobs.isEmpty()) {
            return "not submitted yet: " + directory.batchScript();
        }
        String last = jobs.get(jobs.size() - 1);
        return last + " ended"
                + record.end().map(reason -> ": " + reason).orElse(": without a word, maybe killed; see its log")
                + (record.end()
                                .filter(reason -> reason.equals("the run is complete"))
                                .isPresent()
                        ? ""
                        : "; astropool submit ... --resume continues it");
    }

    private String joined() {
        List<String> alive = joined.entrySet().stream()
                .filter(job -> job.getValue().isAlive())
                .map(job -> job.getKey() + " " + job.getValue().word()
                        + (job.getValue().reason().isEmpty()
                                ? ""
                                : " (" + job.getValue().reason() + ")"))
                .toList();
        return alive.isEmpty() ? "none any more" : String.join(", ", alive);
    }

    private String starts() {
        int starts = record.starts().size();
        String most = record.limits().starts().isPresent()
                ? " of at most " + record.limits().starts().getAsInt()
                : "";
        return starts + most + (starts == 0 ? "" : " (" + String.join("; ", lastOutcomes()) + ")");
    }

    private List<String> lastOutcomes() {
        List<BatchStart> starts = record.starts();
        return starts.subList(Math.max(0, starts.size() - 3), starts.size()).stream()
                .map(start -> (start.after() - start.before()) + " points in " + seconds(start) + " s"
                        + (start.outcome().isEmpty() ? "" : ", " + start.outcome()))
                .toList();
    }

    private long seconds(BatchStart start) {
        return Duration.between(start.started(), start.ended().orElse(now())).toSeconds();
    }

    /** Until when a start that has not ended uses its cores: now, or when a killed one was last seen. */
    private Instant now() {
        boolean runs = !problem.isEmpty()
                || states.values().stream().anyMatch(state -> state.phase() == Phase.RUNNING)
                || record.openStart().filter(start -> start.job().isEmpty()).isPresent();
        return runs ? Instant.now().truncatedTo(ChronoUnit.MILLIS) : BatchStepCommand.lastSign(directory, record);
    }

    /** Core-hours that all starts have used so far. */
    public double coreHours() {
        return record.coreHours(now());
    }

    /** Core-hours until the end, from those that the points so far have taken. */
    OptionalDouble expected(Optional<RunStatus> run) {
        if (run.isEmpty()
                || run.get().isComplete()
                || run.get().points() <= 0
                || record.starts().isEmpty()) {
            return OptionalDouble.empty();
        }
        long evaluated = run.get().finished() - record.starts().get(0).before();
        long left = run.get().points() - run.get().finished();
        return evaluated > 0 ? OptionalDouble.of(coreHours() / evaluated * left) : OptionalDouble.empty();
    }

    private String coreHours(Optional<RunStatus> run) {
        OptionalDouble expected = expected(run);
        return String.format(Locale.ROOT, "%.3f used", coreHours())
                + (expected.isPresent()
                        ? String.format(Locale.ROOT, ", about %.3f more until the end", expected.getAsDouble())
                        : "")
                + (record.limits().coreHours().isPresent()
                        ? ", at most " + record.limits().coreHours().getAsDouble()
                        : "");
    }

    /** For {@code --json}. */
    public Map<String, @Nullable Object> json(Optional<RunStatus> run) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(record.json());
        Map<String, @Nullable Object> live = new LinkedHashMap<>();
        states.forEach((job, state) -> {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("state", state.word());
            fields.put("reason", state.reason().isEmpty() ? null : state.reason());
            fields.put("expected_start", state.expected().map(Instant::toString).orElse(null));
            live.put(job, fields);
        });
        json.put("states", live);
        json.put("problem", problem.isEmpty() ? null : problem);
        json.put("core_hours", coreHours());
        OptionalDouble expected = expected(run);
        json.put("core_hours_left", expected.isPresent() ? expected.getAsDouble() : null);
        json.put("job_file_changed", BatchStepCommand.isChanged(record));
        return json;
    }
}
