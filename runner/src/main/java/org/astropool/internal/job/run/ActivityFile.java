package org.astropool.internal.job.run;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.astropool.internal.activity.ActivitySnapshot;
import org.astropool.internal.activity.Ledger;
import org.astropool.internal.activity.WorkerActivity;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JsonFile;
import org.jspecify.annotations.Nullable;

/** The file activity.json: what the workers did in each start of a run. Stateless. */
public final class ActivityFile {
    /** Of more starts, the oldest are kept without their workers. */
    private static final int MOST_DETAILED = 20;

    private ActivityFile() {}

    /**
     * What the file says of each start, the oldest first.
     *
     * @throws JsonFile.MalformedException when the file is damaged
     * @throws IOException when it does not exist or cannot be read
     */
    public static List<ActivitySnapshot> read(OutputDirectory directory) throws IOException {
        JsonObject file = JsonFile.read(directory.activity());
        List<ActivitySnapshot> starts = new ArrayList<>();
        for (Object start : file.getArray("starts", new JsonArray())) {
            if (start instanceof JsonObject object) {
                starts.add(snapshot(object));
            }
        }
        return starts;
    }

    /** As {@link #read}; empty when the file cannot be read. A run does not depend on it. */
    static List<ActivitySnapshot> readIfPossible(OutputDirectory directory) {
        try {
            return Files.exists(directory.activity()) ? read(directory) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Adds to the last start what its cores did until the allocation was left: its ranks and their launcher ended, or,
     * where the run was killed, nothing.
     *
     * @param begin of the allocation; a start before it is of another one
     * @param end of the allocation
     * @param cores of the allocation
     */
    public static void extend(OutputDirectory directory, Instant begin, Instant end, int cores) throws IOException {
        List<ActivitySnapshot> starts = new ArrayList<>(readIfPossible(directory));
        if (starts.isEmpty()) {
            return;
        }
        ActivitySnapshot last = starts.get(starts.size() - 1);
        double wall = Duration.between(last.started(), end).toMillis() * 1e-3;
        if (last.started().isBefore(begin) || wall <= last.wallSeconds()) {
            return;
        }
        starts.set(starts.size() - 1, last.until(wall, cores));
        write(directory, starts);
    }

    /** The core-seconds of all starts together. */
    public static Ledger total(List<ActivitySnapshot> starts) {
        return starts.stream().map(ActivitySnapshot::ledger).reduce(Ledger.EMPTY, Ledger::plus);
    }

    /** The ledger as it is written, in core-seconds: the allocation, and its parts. */
    public static Map<String, Object> fields(Ledger ledger) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("allocation", rounded(ledger.allocation()));
        ledger.parts().forEach((name, seconds) -> fields.put(name, rounded(seconds)));
        return fields;
    }

    static void write(OutputDirectory directory, List<ActivitySnapshot> starts) throws IOException {
        List<Object> written = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            written.add(fields(starts.get(i), i >= starts.size() - MOST_DETAILED));
        }
        String text = JsonWriter.string(Map.of("starts", written)) + "\n";
        AtomicFile.write(directory.activity(), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, @Nullable Object> fields(ActivitySnapshot start, boolean withWorkers) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("started", start.started().toString());
        fields.put("wall_seconds", rounded(start.wallSeconds()));
        fields.put("ended", start.ended());
        fields.put("master_host", start.host());
        fields.put("bin_seconds", start.binSeconds());
        fields.put(
                "workers",
                withWorkers ? start.workers().stream().map(ActivityFile::fields).toList() : List.of());
        fields.put("ledger", fields(start.ledger()));
        fields.put("journal_seconds", rounded(start.journalSeconds()));
        return fields;
    }

    private static Map<String, @Nullable Object> fields(WorkerActivity worker) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("number", worker.number());
        fields.put("host", worker.host());
        fields.put("pid", worker.pid());
        fields.put("slots", worker.slots());
        fields.put("ready_seconds", rounded(worker.ready()));
        fields.put("last_heard_seconds", rounded(worker.lastHeard()));
        fields.put("left_seconds", Double.isNaN(worker.left()) ? null : rounded(worker.left()));
        fields.put("lost", worker.lost());
        fields.put("evaluated", worker.evaluated());
        fields.put("busy_seconds", rounded(worker.busySeconds()));
        fields.put("median_seconds", worker.medianSeconds());
        List<Double> timeline = new ArrayList<>(worker.timeline().length);
        for (float fraction : worker.timeline()) {
            timeline.add(Math.rint(fraction * 100.0) / 100);
        }
        fields.put("timeline", timeline);
        return fields;
    }

    private static double rounded(double seconds) {
        return Math.rint(seconds * 1e4) / 1e4;
    }

    private static ActivitySnapshot snapshot(JsonObject start) throws IOException {
        List<WorkerActivity> workers = new ArrayList<>();
        for (Object worker : start.getArray("workers", new JsonArray())) {
            if (worker instanceof JsonObject object) {
                workers.add(worker(object));
            }
        }
        JsonObject ledger = start.getObject("ledger", new JsonObject());
        Map<String, Double> parts = new LinkedHashMap<>();
        ledger.keySet().forEach(name -> parts.put(name, ledger.getDouble(name)));
        try {
            return new ActivitySnapshot(
                    Instant.parse(start.getString("started", "")),
                    start.getDouble("wall_seconds"),
                    start.getBoolean("ended"),
                    start.getString("master_host", ""),
                    start.getDouble("bin_seconds"),
                    workers,
                    Ledger.of(ledger.getDouble("allocation"), parts),
                    start.getDouble("journal_seconds"));
        } catch (DateTimeException e) {
            throw new IOException("activity.json: " + e.getMessage(), e);
        }
    }

    private static WorkerActivity worker(JsonObject worker) {
        JsonArray bins = worker.getArray("timeline", new JsonArray());
        float[] timeline = new float[bins.size()];
        for (int i = 0; i < timeline.length; i++) {
            timeline[i] = bins.getFloat(i);
        }
        return new WorkerActivity(
                worker.getInt("number"),
                worker.getString("host", ""),
                worker.getLong("pid"),
                worker.getInt("slots"),
                worker.getDouble("ready_seconds"),
                worker.getDouble("last_heard_seconds"),
                worker.getDouble("left_seconds", Double.NaN),
                worker.getString("lost", ""),
                worker.getLong("evaluated"),
                worker.getDouble("busy_seconds"),
                worker.getDouble("median_seconds"),
                timeline);
    }
}
