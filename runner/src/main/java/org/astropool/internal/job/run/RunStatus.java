package org.astropool.internal.job.run;

import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.result.PointFailure;
import org.astropool.internal.journal.Damage;
import org.astropool.internal.journal.LockHolder;
import org.jspecify.annotations.Nullable;

/**
 * The status of a run that is running, was interrupted, or is complete. Read from its output directory without changing
 * it. Immutable.
 *
 * @param directory of the run
 * @param job the name of the job
 * @param model the name of its model
 * @param points how many points there are; {@link #UNKNOWN} for a search that is not complete
 * @param best parameters and log_likelihood of the best point so far; empty when there is none
 * @param end how the last run ended; empty when it is running, or was killed
 * @param holder the process that holds the lock of the directory, which may have ended
 * @param pace the speed of the run; empty when the summary alone was read, or there is no point yet
 * @param failures the kinds of failures, the most frequent first; empty when the summary alone was read
 * @param journal the points on disk; empty when it was removed after the run
 */
public record RunStatus(
        Path directory,
        String job,
        String model,
        long points,
        long ok,
        long failed,
        long skipped,
        Map<String, Double> best,
        Optional<End> end,
        Optional<LockHolder> holder,
        Optional<Pace> pace,
        List<FailureCount> failures,
        Optional<JournalFile> journal) {

    /** Stands for an unknown number of points. */
    public static final long UNKNOWN = -1;

    /**
     * How a run ended.
     *
     * @param reason why it ended early, or ""
     * @param exitCode that it recorded
     */
    public record End(boolean complete, String reason, int exitCode) {}

    /**
     * The speed of a run.
     *
     * @param pointsPerSecond mean since the run began, or was resumed; NaN before it is known
     * @param medianSeconds the median duration of the evaluation of one point
     * @param lastPoint when the journal last grew, by the clock of the file system
     */
    public record Pace(double pointsPerSecond, double medianSeconds, Instant lastPoint) {}

    /**
     * Failures of one kind.
     *
     * @param kind as in failures.ecsv
     * @param example the first failure
     */
    public record FailureCount(String kind, int count, PointFailure example) {}

    /**
     * The journal as a file.
     *
     * @param bytes its size
     * @param bytesPerPoint NaN when the journal was not read, or has no point
     * @param tornBytes incomplete bytes at its end; those of a running run are being written
     * @param damages what cannot be read; a resume evaluates its points again
     */
    public record JournalFile(Path file, long bytes, double bytesPerPoint, long tornBytes, List<Damage> damages) {}

    /** Points with an outcome. */
    public long finished() {
        return ok + failed + skipped;
    }

    public boolean isComplete() {
        return end.isPresent() && end.get().complete;
    }

    /** Whether the run has only claimed its directory: neither its job nor its model is known yet. */
    public boolean isStarting() {
        return job.isEmpty();
    }

    public boolean isRunning() {
        return holder.isPresent() && holder.get().isRunning();
    }

    /** How long the remaining points may take at this speed; empty when the run is not running, or it is not known. */
    public Optional<Duration> timeLeft() {
        double rate = pace.map(Pace::pointsPerSecond).orElse(Double.NaN);
        return isRunning() && rate > 0 && points != UNKNOWN
                ? Optional.of(Duration.ofMillis((long) (1e3 * (points - finished()) / rate)))
                : Optional.empty();
    }

    /** The status as JSON. Numbers that JSON cannot represent become null. */
    public String json() {
        return JsonWriter.indent("  ").string().value(fields()).done() + "\n";
    }

    /** The fields of {@link #json}. */
    public Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("directory", directory.toString());
        fields.put("job", isStarting() ? null : job);
        fields.put("model", isStarting() ? null : model);
        fields.put("points", points == UNKNOWN ? null : points);
        fields.put("finished", finished());
        fields.put("ok", ok);
        fields.put("failed", failed);
        fields.put("skipped", skipped);
        fields.put("complete", isComplete());
        fields.put("exit_code", end.map(End::exitCode).orElse(null));
        fields.put(
                "reason", end.map(End::reason).filter(text -> !text.isEmpty()).orElse(null));
        fields.put("running", isRunning());
        fields.put("process", holder.map(RunStatus::process).orElse(null));
        fields.put("best", best.isEmpty() ? null : numbers(best));
        fields.put("points_per_second", number(pace.map(Pace::pointsPerSecond)));
        fields.put("median_seconds", number(pace.map(Pace::medianSeconds)));
        fields.put("seconds_left", number(timeLeft().map(left -> left.toMillis() * 1e-3)));
        fields.put("last_point", pace.map(p -> p.lastPoint.toString()).orElse(null));
        fields.put("failures", failures.stream().map(RunStatus::failure).toList());
        fields.put("journal", journal.map(RunStatus::file).orElse(null));
        return fields;
    }

    private static Map<String, Object> process(LockHolder holder) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("host", holder.host());
        fields.put("pid", holder.pid());
        fields.put("job", holder.job());
        fields.put("started", holder.started());
        fields.put("silent_seconds", holder.silence().toSeconds());
        holder.whyGone().ifPresent(why -> fields.put("gone", why));
        return fields;
    }

    private static Map<String, Object> failure(FailureCount failures) {
        return Map.of(
                "kind",
                failures.kind,
                "count",
                failures.count,
                "index",
                failures.example.index(),
                "message",
                failures.example.reason());
    }

    private static Map<String, @Nullable Object> file(JournalFile journal) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("file", journal.file.toString());
        fields.put("bytes", journal.bytes);
        fields.put("bytes_per_point", number(Optional.of(journal.bytesPerPoint)));
        fields.put("damages", journal.damages.stream().map(RunStatus::damage).toList());
        return fields;
    }

    private static Map<String, Object> damage(Damage damage) {
        return Map.of(
                "offset", damage.offset(),
                "bytes", damage.bytes(),
                "first_point", damage.firstTask(),
                "points", damage.count());
    }

    private static Map<String, @Nullable Object> numbers(Map<String, Double> values) {
        Map<String, @Nullable Object> numbers = new LinkedHashMap<>();
        values.forEach((name, value) -> numbers.put(name, number(Optional.of(value))));
        return numbers;
    }

    private static @Nullable Double number(Optional<Double> value) {
        return value.filter(Double::isFinite).orElse(null);
    }
}
