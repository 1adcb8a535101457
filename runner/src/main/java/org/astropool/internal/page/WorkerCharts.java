package org.astropool.internal.page;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.job.run.ActivityFile;
import org.jspecify.annotations.Nullable;

/**
 * The workers of the latest start of a run and when they were busy, from {@code activity.json} or, without it, what
 * {@code summary.json} says about them.
 */
final class WorkerCharts {
    private static final int MOST_WORKERS = 2_000;
    private static final int MOST_BINS = 500;
    /** A busy fraction of 1 in a byte of the timeline. */
    private static final int BUSY = 200;

    private static final int NO_WORKER = 255;

    private WorkerCharts() {}

    static Map<String, Object> json(List<ActivitySnapshot> activity, Optional<JsonObject> summary) {
        return activity.isEmpty() ? ofSummary(summary) : ofActivity(activity);
    }

    private static Map<String, Object> ofSummary(Optional<JsonObject> summary) {
        List<Object> rows = new ArrayList<>();
        for (Object each :
                summary.map(file -> file.getArray("workers", new JsonArray())).orElseGet(JsonArray::new)) {
            if (each instanceof JsonObject worker) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                row.put("number", worker.getInt("rank"));
                row.put("host", worker.getString("host", ""));
                row.put("pid", worker.getLong("pid"));
                row.put("slots", worker.getInt("threads"));
                row.put("evaluated", worker.getLong("evaluated"));
                row.put("busy_seconds", worker.getDouble("busy_seconds", Double.NaN));
                row.put(
                        "busy",
                        worker.getDouble("busy_seconds", Double.NaN)
                                / (worker.getInt("threads") * summary.get().getDouble("wall_seconds", Double.NaN)));
                rows.add(row);
            }
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("rows", rows);
        fields.put("starts", summary.isPresent() ? 1 : 0);
        return fields;
    }

    private static Map<String, Object> ofActivity(List<ActivitySnapshot> starts) {
        ActivitySnapshot start = starts.get(starts.size() - 1);
        int bins = start.binSeconds() > 0 ? (int) Math.ceil(start.wallSeconds() / start.binSeconds()) : 0;
        int perBin = Math.max(1, (bins + MOST_BINS - 1) / MOST_BINS);
        int shown = (bins + perBin - 1) / perBin;
        List<Object> rows = new ArrayList<>();
        List<String> timelines = new ArrayList<>();
        for (WorkerActivity worker : start.workers()) {
            rows.add(row(worker, start));
            if (timelines.size() < MOST_WORKERS) {
                timelines.add(timeline(worker, start, perBin, shown));
            }
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("rows", rows);
        fields.put("starts", starts.size());
        fields.put("started", start.started().toString());
        fields.put("wall_seconds", start.wallSeconds());
        fields.put("master_host", start.host());
        fields.put("bin_seconds", start.binSeconds() * perBin);
        fields.put("bins", shown);
        fields.put("timelines", timelines);
        fields.put("ledger", ActivityFile.fields(ActivityFile.total(starts)));
        return fields;
    }

    private static Map<String, @Nullable Object> row(WorkerActivity worker, ActivitySnapshot start) {
        double wall = start.wallSeconds();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("number", worker.number());
        row.put("host", worker.host());
        row.put("pid", worker.pid());
        row.put("slots", worker.slots());
        row.put("evaluated", worker.evaluated());
        row.put("busy_seconds", worker.busySeconds());
        // After the last result of a run that has ended, nothing was to be evaluated: its tables were written.
        double end = start.ended() && Double.isNaN(worker.left()) ? worker.lastHeard() : end(worker, wall);
        double available = (end - worker.ready()) * worker.slots();
        row.put("busy", available > 0 ? Math.min(1, worker.busySeconds() / available) : Double.NaN);
        row.put("median", worker.medianSeconds());
        row.put("silent", wall - worker.lastHeard());
        row.put("left", worker.left());
        row.put("lost", worker.lost());
        return row;
    }

    private static double end(WorkerActivity worker, double wall) {
        return Double.isNaN(worker.left()) ? wall : worker.left();
    }

    private static String timeline(WorkerActivity worker, ActivitySnapshot start, int perBin, int shown) {
        byte[] bytes = new byte[shown];
        double width = start.binSeconds() * perBin;
        double end = end(worker, start.wallSeconds());
        for (int bin = 0; bin < shown; bin++) {
            boolean isThere = (bin + 1) * width > worker.ready() && bin * width <= end;
            bytes[bin] = isThere ? busy(worker.timeline(), bin * perBin, perBin) : (byte) NO_WORKER;
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The mean of some bins. */
    private static byte busy(float[] timeline, int from, int count) {
        double sum = 0;
        for (int i = from; i < Math.min(from + count, timeline.length); i++) {
            sum += timeline[i];
        }
        return (byte) Math.round(BUSY * Math.min(1, sum / count));
    }
}
