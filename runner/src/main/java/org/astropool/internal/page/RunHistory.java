package org.astropool.internal.page;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JsonFile;

/**
 * How a run progressed and what its master used, over all starts of the run. When there are too many samples of a
 * start, every second one is dropped. For one thread.
 */
public final class RunHistory {
    private static final int MOST_SAMPLES = 400;
    private static final int MOST_STARTS = 20;

    private final List<Start> starts = new ArrayList<>();

    /**
     * The state at one time.
     *
     * @param seconds since the start
     * @param done points with an outcome
     * @param heapMib of the master, in use
     * @param residentMib of the master's process; NaN where the system does not tell
     * @param load of the master's host; NaN where the system does not tell
     */
    public record Sample(double seconds, long done, long failed, double heapMib, double residentMib, double load) {}

    /** One start of the run. */
    public record Start(Instant started, List<Sample> samples) {
        private void add(Sample sample) {
            samples.add(sample);
            if (samples.size() > MOST_SAMPLES) {
                List<Sample> kept = new ArrayList<>();
                for (int i = 0; i < samples.size(); i += 2) {
                    kept.add(samples.get(i));
                }
                samples.clear();
                samples.addAll(kept);
            }
        }
    }

    /** Reads the history of a run; what is malformed is left out. */
    public static RunHistory of(Optional<JsonObject> json) {
        RunHistory history = new RunHistory();
        try {
            for (Object each :
                    json.map(file -> file.getArray("starts", new JsonArray())).orElseGet(JsonArray::new)) {
                history.starts.add(start((JsonObject) each));
            }
        } catch (RuntimeException e) { // not the form that a run writes
            history.starts.clear();
        }
        return history;
    }

    private static Start start(JsonObject json) {
        List<Sample> samples = new ArrayList<>();
        for (Object each : json.getArray("samples", new JsonArray())) {
            JsonArray sample = (JsonArray) each;
            samples.add(new Sample(
                    sample.getDouble(0),
                    sample.getLong(1),
                    sample.getLong(2),
                    sample.getDouble(3, Double.NaN),
                    sample.getDouble(4, Double.NaN),
                    sample.getDouble(5, Double.NaN)));
        }
        return new Start(Instant.parse(json.getString("started")), samples);
    }

    void begin(Instant now) {
        starts.add(new Start(now, new ArrayList<>()));
        while (starts.size() > MOST_STARTS) {
            starts.remove(0);
        }
    }

    void add(Sample sample) {
        starts.get(starts.size() - 1).add(sample);
    }

    public List<Start> starts() {
        return List.copyOf(starts);
    }

    /** The samples since the run was started or resumed last. */
    public List<Sample> latest() {
        return starts.isEmpty()
                ? List.of()
                : List.copyOf(starts.get(starts.size() - 1).samples());
    }

    void write(Path file) throws IOException {
        byte[] bytes = json().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(bytes));
    }

    String json() {
        List<Object> all = new ArrayList<>();
        for (Start start : starts) {
            List<Object> samples = new ArrayList<>();
            for (Sample s : start.samples()) {
                samples.add(new double[] {s.seconds, s.done, s.failed, s.heapMib, s.residentMib, s.load});
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("started", start.started().toString());
            fields.put("samples", samples);
            all.add(fields);
        }
        return PageJson.of(Map.of("starts", all));
    }

    /** Reads the file again. */
    static RunHistory read(Path file) {
        try {
            return of(Optional.of(JsonFile.read(file)));
        } catch (IOException e) {
            return new RunHistory();
        }
    }
}
