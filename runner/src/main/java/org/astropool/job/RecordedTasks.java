package org.astropool.job;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.astropool.task.Output;
import org.astropool.task.TaskList;
import org.jspecify.annotations.Nullable;

/** The labels of tasks that a model listed itself, beside the journal: whoever reads the points must not ask the model. */
final class RecordedTasks {
    static final String FILE = "tasks.json";

    private RecordedTasks() {}

    static void write(Path folder, TaskList tasks) throws IOException {
        List<Map<String, String>> labels = tasks.labels().stream()
                .map(label -> Map.of(
                        "name", label.name(),
                        "type", label.type().name().toLowerCase(Locale.ROOT),
                        "unit", label.unit(),
                        "description", label.description()))
                .toList();
        List<List<Object>> rows = new ArrayList<>(tasks.size());
        for (int task = 0; task < tasks.size(); task++) {
            List<Object> row = new ArrayList<>(tasks.labels().size());
            for (Object value : tasks.values(task)) {
                row.add(value instanceof Double number && !Double.isFinite(number) ? number.toString() : value);
            }
            rows.add(row);
        }
        String text = JsonWriter.string(Map.of("labels", labels, "rows", rows));
        WholeFile.write(folder.resolve(FILE), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Reads them.
     *
     * @return empty when there is no such file
     * @throws IOException when it cannot be read
     */
    static Optional<TaskList> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonObject json = RecordFile.read(file);
        try {
            List<Output> labels = new ArrayList<>();
            for (Object each : json.getArray("labels", new JsonArray())) {
                JsonObject label = (JsonObject) each;
                labels.add(new Output(
                        label.getString("name", ""),
                        Output.Type.valueOf(label.getString("type", "").toUpperCase(Locale.ROOT)),
                        1,
                        label.getString("unit", ""),
                        label.getString("description", "")));
            }
            TaskList tasks = new TaskList(labels);
            for (Object each : json.getArray("rows", new JsonArray())) {
                JsonArray row = (JsonArray) each;
                Object[] values = new Object[labels.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = value(labels.get(i), row.get(i));
                }
                tasks.add(values);
            }
            return Optional.of(tasks);
        } catch (IllegalArgumentException | ClassCastException | IndexOutOfBoundsException e) {
            throw new IOException(file + " is no list of tasks: " + e.getMessage(), e);
        }
    }

    private static Object value(Output label, @Nullable Object value) {
        return switch (label.type()) {
            case DOUBLE ->
                value instanceof Number number ? (Object) number.doubleValue() : Double.valueOf(String.valueOf(value));
            case LONG -> ((Number) checked(value)).longValue();
            default -> checked(value);
        };
    }

    private static Object checked(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("a task without a label");
        }
        return value;
    }
}
