package org.astropool.job;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.astropool.task.ModelOption;
import org.jspecify.annotations.Nullable;

/**
 * The job of a run, beside its journal, so that the points can be read without the job file, its environment and the
 * command line that started the run. The time of the file is the start of the run that wrote it.
 *
 * @param outcomesBefore how many outcomes the journal had when the run began
 */
record RunRecord(Job job, long outcomesBefore) {
    static final String FILE = "job.json";

    /** Objects of JSON have no order, axes and the parameters of a search do. */
    private static final String AXES = "axes";

    private static final String NOT_FINITE = "not_finite";
    /** The points themselves are compared, not where they were read. */
    private static final Set<String> WHERE_TABLES_ARE = Set.of(
            "points.file", "points.format", "points.extension", "tasks.table", "tasks.format", "tasks.extension");

    private static final String OUTCOMES_BEFORE = "outcomes_before";

    static void write(Path folder, Job job, PointsSpec spec, long outcomesBefore) throws IOException {
        Map<String, Object> values = values(job, spec);
        values.put(AXES, spec.points().names());
        values.put(OUTCOMES_BEFORE, outcomesBefore);
        String text = JsonWriter.indent("  ").string().value(json(values)).done() + "\n";
        WholeFile.write(folder.resolve(FILE), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** All that the job says, without what its file's folder and environment have to do with it. */
    private static Map<String, Object> values(Job job, PointsSpec spec) {
        Map<String, Object> values = new LinkedHashMap<>(job.values());
        Map<String, Object> model = new LinkedHashMap<>();
        if (values.get("model") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> model.put(String.valueOf(key), value));
        }
        // Those that were given: a path that is a default is relative to nothing.
        Map<String, Object> options = new LinkedHashMap<>(spec.options().asMap());
        options.keySet().retainAll(job.model().options().keySet());
        model.put("options", options);
        model.put("class_path", spec.classPath());
        Programs.record(job, spec.model(), model);
        values.put("model", model);
        if (job.plan() instanceof Plan.Rows rows) {
            Map<String, Object> where = new LinkedHashMap<>();
            where.putAll(table(rows.fileKey(), rows.table()));
            where.put("labels", rows.labels());
            values.put(rows.key(), where);
        }
        if (job.plan() instanceof Plan.Sample sample && sample.start() instanceof Plan.WalkerStart.Rows rows) {
            Map<String, Object> sampler = new LinkedHashMap<>();
            if (values.get(sample.key()) instanceof Map<?, ?> given) {
                given.forEach((key, value) -> sampler.put(String.valueOf(key), value));
            }
            Map<String, Object> table = table("file", rows.table());
            sampler.put(
                    "start",
                    table.size() > 1 ? table : table.values().iterator().next());
            values.put(sample.key(), sampler);
        }
        values.put("output", Map.of("directory", job.output().directory().toString()));
        return values;
    }

    private static Map<String, Object> table(String fileKey, TableChoice table) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(fileKey, table.file().toString());
        table.format().ifPresent(format -> values.put(TableChoice.FORMAT, format));
        table.extension().ifPresent(extension -> values.put(TableChoice.EXTENSION, extension));
        return values;
    }

    /**
     * What another job says otherwise than the one that is recorded here, of all that results depend on; such as {@code
     * job.seed was 7, it is 8}. Empty when there is no record.
     */
    static List<String> differences(Path folder, Job job, PointsSpec spec) {
        Map<String, Object> old = new TreeMap<>();
        Map<String, Object> now = new TreeMap<>();
        try {
            flatten("", JsonParser.object().from(Files.readString(folder.resolve(FILE))), old);
        } catch (IOException | JsonParserException e) {
            return List.of();
        }
        flatten("", (Map<?, ?>) json(values(job, spec)), now);
        Set<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> key.startsWith("output.")
                || key.startsWith("run.")
                || WHERE_TABLES_ARE.contains(key)
                || key.equals("model.class_path")
                || key.equals("model." + ProgramChoice.FOLDER));
        keys.removeAll(List.of(AXES, OUTCOMES_BEFORE));
        spec.model().options().stream()
                .filter(option -> option.type() == ModelOption.Type.PATH)
                .forEach(option -> keys.remove("model.options." + option.name()));
        return keys.stream()
                .filter(key -> !isSame(old.get(key), now.get(key)))
                .map(key -> key + " was " + old.getOrDefault(key, "nothing") + ", it is "
                        + now.getOrDefault(key, "nothing"))
                .toList();
    }

    private static void flatten(String prefix, Map<?, ?> values, Map<String, Object> flat) {
        values.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                flatten(prefix + key + ".", inner, flat);
            } else {
                flat.put(prefix + key, value);
            }
        });
    }

    private static boolean isSame(@Nullable Object one, @Nullable Object other) {
        return (one instanceof Number a && other instanceof Number b)
                ? a.doubleValue() == b.doubleValue()
                : String.valueOf(one).equals(String.valueOf(other));
    }

    /** @throws JobException when there is none, or its model cannot be found any more */
    static RunRecord read(Path folder) throws JobException {
        Path file = folder.resolve(FILE);
        try {
            JsonObject json = JsonParser.object().from(Files.readString(file));
            Map<String, Object> values = new LinkedHashMap<>();
            json.forEach((key, value) -> values.put(key, plain(value)));
            List<?> names = json.getArray(AXES);
            long outcomesBefore = json.getLong(OUTCOMES_BEFORE);
            values.keySet().removeAll(List.of(AXES, OUTCOMES_BEFORE));
            for (String table : List.of("grid", "parameters")) {
                if (values.get(table) instanceof Map<?, ?> given) {
                    values.put(table, ordered(given, names));
                }
            }
            return new RunRecord(JobFile.of(values, folder), outcomesBefore);
        } catch (IOException | JsonParserException e) {
            throw new JobException(file + " cannot be read: " + e.getMessage());
        }
    }

    private static Map<String, Object> ordered(Map<?, ?> given, List<?> names) {
        Map<String, Object> ordered = new LinkedHashMap<>();
        names.stream().filter(given::containsKey).forEach(name -> ordered.put(String.valueOf(name), given.get(name)));
        given.forEach((name, value) -> ordered.putIfAbsent(String.valueOf(name), value));
        return ordered;
    }

    /** JSON has no infinite numbers, priors do. */
    private static Object json(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> copy.put(String.valueOf(key), json(element)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RunRecord::json).toList();
        }
        return value instanceof Double number && !Double.isFinite(number)
                ? Map.of(NOT_FINITE, number.toString())
                : value;
    }

    /** As a job file gives it. */
    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            if (map.get(NOT_FINITE) instanceof String number) {
                return Double.valueOf(number);
            }
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> copy.put(String.valueOf(key), plain(element)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(plain(element)));
            return copy;
        }
        if (value instanceof Float number) {
            return number.doubleValue();
        }
        boolean whole = value instanceof Integer || value instanceof BigInteger; // the parser's choice
        return whole && value instanceof Number number ? (Object) number.longValue() : value;
    }
}
