package org.astropool.internal.batch;

import com.grack.nanojson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One start of a run in an allocation.
 *
 * @param job the identifier of its job; "" by hand
 * @param started when its allocation began
 * @param ended when it was about to end; empty while it runs, and when it was killed
 * @param cores of the allocation
 * @param before how many points had an outcome
 * @param after the same at its end
 * @param outcome how it ended, for people
 */
public record BatchStart(
        String job, Instant started, Optional<Instant> ended, int cores, long before, long after, String outcome) {
    private static final double NANOS = 1e-9;

    /** Core-seconds until its end, or until now. */
    public double coreSeconds(Instant now) {
        Duration time = Duration.between(started, ended.orElse(now));
        return time.isNegative() ? 0 : (time.toSeconds() + time.toNanosPart() * NANOS) * cores;
    }

    boolean madeProgress() {
        return after > before;
    }

    BatchStart endedAt(Instant time, long points, String how) {
        return new BatchStart(
                job, started, Optional.of(time.isBefore(started) ? started : time), cores, before, points, how);
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("job", job);
        json.put("started", started.toString());
        json.put("ended", ended.map(Instant::toString).orElse(null));
        json.put("cores", cores);
        json.put("finished_before", before);
        json.put("finished_after", after);
        json.put("outcome", outcome);
        return json;
    }

    static BatchStart of(JsonObject json) {
        String end = json.getString("ended");
        return new BatchStart(
                json.getString("job", ""),
                Instant.parse(json.getString("started", "")),
                end == null ? Optional.empty() : Optional.of(Instant.parse(end)),
                json.getInt("cores"),
                json.getLong("finished_before"),
                json.getLong("finished_after"),
                json.getString("outcome", ""));
    }
}
