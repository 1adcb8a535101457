package org.astropool.internal.cli.batch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.astropool.internal.batch.BatchRecord;
import org.astropool.internal.batch.BatchStart;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.BatchSystem.JobsOfScript;
import org.astropool.internal.batch.JobState;
import org.astropool.internal.batch.JobState.Phase;
import org.astropool.internal.batch.Verdict;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.astropool.internal.job.run.RunStatus;
import org.jspecify.annotations.Nullable;

/** What is known of the batch jobs of a run, for {@code astropool status}. Immutable. */
public final class BatchReport {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final String COMPLETE = "the run is complete";

    private static final Set<String> UNREMARKABLE = Set.of("COMPLETED", "FAILED", "DONE", "EXIT", "ended");

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
        Optional<BatchRecord> record =
                BatchRecord.readIfPresent(directory(folder).batchRecord());
        if (record.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                of(List.of(new Submitted(folder, record.get()))).get(0).withEnding());
    }

    /** An output directory and the record of its jobs. */
    record Submitted(Path folder, BatchRecord record) {}

    /** The batch jobs of several output directories, in the same order. Asks each batch system once. */
    static List<BatchReport> of(List<Submitted> all) {
        Map<String, List<JobsOfScript>> asked = new LinkedHashMap<>();
        for (Submitted each : all) {
            OutputDirectory directory = directory(each.folder);
            List<JobsOfScript> jobs = asked.computeIfAbsent(each.record.system(), system -> new ArrayList<>());
            jobs.add(new JobsOfScript(each.record.jobs(), directory.batchScript()));
            jobs.add(new JobsOfScript(each.record.joined(), directory.joinScript()));
        }
        Map<String, Iterator<Map<String, JobState>>> answers = new HashMap<>();
        Map<String, String> problems = new HashMap<>();
        asked.forEach((system, jobs) -> {
            try {
                answers.put(system, BatchSystem.of(system).states(jobs).iterator());
            } catch (JobException e) {
                problems.put(system, String.valueOf(e.getMessage()));
            }
        });
        List<BatchReport> reports = new ArrayList<>();
        for (Submitted each : all) {
            Iterator<Map<String, JobState>> answer = answers.get(each.record.system());
            reports.add(new BatchReport(
                    directory(each.folder),
                    each.record,
                    answer == null ? Map.of() : answer.next(),
                    answer == null ? Map.of() : new TreeMap<>(answer.next()),
                    problems.getOrDefault(each.record.system(), "")));
        }
        return reports;
    }

    private static OutputDirectory directory(Path folder) {
        return new OutputDirectory(folder.toAbsolutePath().normalize());
    }

    /** The same; asks the batch system how the last job ended, if nothing else says it. */
    private BatchReport withEnding() {
        String last = lastJob();
        if (last.isEmpty() || record.end().isPresent() || !problem.isEmpty() || states.containsKey(last)) {
            return this;
        }
        Map<String, JobState> more = new HashMap<>(states);
        try {
            BatchSystem.of(record.system()).ending(last).ifPresent(word -> more.put(last, JobState.ended(word)));
        } catch (JobException e) {
            return this; // there is no command that knows it
        }
        return new BatchReport(directory, record, more, joined, problem);
    }

    private String lastJob() {
        return record.jobs().isEmpty() ? "" : record.jobs().get(record.jobs().size() - 1);
    }

    /** The name of the job file's job. */
    public String name() {
        return record.name();
    }

    /** What {@code status} shows, by its label. */
    public Map<String, String> rows(Optional<RunStatus> run) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("batch job", state(run));
        if (!record.joined().isEmpty()) {
            rows.put("more nodes", joined());
        }
        rows.put("starts", starts(run));
        rows.put("core-hours", coreHours(run));
        if (BatchStepCommand.isChanged(record)) {
            rows.put("job file", BatchStepCommand.changed(record, directory));
        }
        return rows;
    }

    /** The job that runs or waits, or why there is none. */
    public String state(Optional<RunStatus> run) {
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
            return (jobs.isEmpty() ? "unknown" : lastJob() + " unknown") + ": " + problem;
        }
        if (jobs.isEmpty()) {
            return "not submitted yet: " + directory.batchScript();
        }
        if (run.filter(RunStatus::isComplete).isPresent()) {
            return lastJob() + " ended: " + COMPLETE;
        }
        return lastJob() + " ended" + (record.end().isPresent() ? word() : "") + ": "
                + record.end()
                        .map(reason -> reason.startsWith(Verdict.BY_CODE) ? reason + "; " + log() : reason)
                        .orElseGet(this::ending)
                + "; astropool submit ... --resume continues the run";
    }

    /** The word of the batch system for how the last job ended, where it says more than that it did. */
    private String word() {
        JobState state = states.get(lastJob());
        return state == null || record.cancelled() || UNREMARKABLE.contains(state.word())
                ? ""
                : " (" + state.word() + ")";
    }

    /** How a job ended whose script has not recorded that: it was killed, or could not begin. */
    private String ending() {
        JobState state = states.get(lastJob());
        String how = "its script has not recorded why, maybe it was killed";
        if (state != null) {
            try {
                how = BatchSystem.of(record.system()).explainedEnding(state.word());
            } catch (JobException e) {
                how = state.word();
            }
        }
        return how + "; " + log();
    }

    private String log() {
        Path log = directory.batchLog(lastJob());
        return Files.exists(log) ? "see " + log : "there is no log " + log;
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

    private String starts(Optional<RunStatus> run) {
        int starts = record.starts().size();
        String most = record.limits().starts().isPresent()
                ? " of at most " + record.limits().starts().getAsInt()
                : "";
        return starts + most + (starts == 0 ? "" : " (" + String.join("; ", lastOutcomes(run)) + ")");
    }

    private List<String> lastOutcomes(Optional<RunStatus> run) {
        List<BatchStart> starts = record.starts();
        return starts.subList(Math.max(0, starts.size() - 3), starts.size()).stream()
                .map(start -> points(start, run) + " points in " + seconds(start) + " s"
                        + (start.outcome().isEmpty() ? "" : ", " + start.outcome()))
                .toList();
    }

    /** How many points a start has finished, so far if it has recorded no end. */
    private static long points(BatchStart start, Optional<RunStatus> run) {
        long after = start.ended().isEmpty() ? run.map(RunStatus::finished).orElse(start.after()) : start.after();
        return Math.max(0, after - start.before());
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
