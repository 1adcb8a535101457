package org.astropool.internal.job.run;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.astropool.internal.job.AtomicFile;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.JsonFile;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.JobFile;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.config.ProgramSection;
import org.astropool.internal.job.config.Section;
import org.astropool.internal.job.config.SourcePositions;
import org.astropool.internal.job.plan.DataFile;
import org.astropool.internal.job.plan.Digests;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.plan.ModelRecord;
import org.astropool.internal.job.plan.PlannedPoints;
import org.astropool.internal.job.plan.Programs;
import org.astropool.internal.job.plan.ProposedPoints;
import org.astropool.internal.job.plan.RecordedModel;
import org.astropool.internal.job.plan.SpecValidator;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.internal.model.PointTable;
import org.astropool.internal.program.Declaration;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.TaskList;
import org.jspecify.annotations.Nullable;

/**
 * The job of a run, stored next to its journal so that the points can be read without the job file, its environment and
 * the command line that started the run. The modification time of the file is the start of the run that wrote it.
 *
 * @param outcomesBefore how many outcomes the journal had when the run began
 * @param declaration of the model; empty in records of earlier releases
 * @param files that the model read
 * @param listed the tasks that the model listed itself; or empty
 * @param model the digests of the model
 */
public record RunRecord(
        Job job,
        long outcomesBefore,
        Optional<Declaration> declaration,
        List<DataFile> files,
        Optional<TaskList> listed,
        ModelDigests model) {
    public static final String FILE = "job.json";

    /** The parameters and outputs of the model, so that its points can be read without loading it. */
    private static final String DECLARED = "recorded_declaration";

    private static final String DATA_FILES = "data_files";

    /** JSON objects have no order, but axes and the parameters of a search do. */
    private static final String AXES = "axes";

    private static final String NOT_FINITE = "not_finite";
    /** Not compared, since the points themselves are. */
    private static final Set<String> WHERE_TABLES_ARE = Set.of(
            "points.file", "points.format", "points.extension", "tasks.table", "tasks.format", "tasks.extension");

    private static final String OUTCOMES_BEFORE = "outcomes_before";

    private static final String MODEL_DIGESTS = "model_digests";
    private static final List<String> OURS = List.of(AXES, OUTCOMES_BEFORE, DATA_FILES, MODEL_DIGESTS);

    /**
     * The model of a run.
     *
     * @param job {@link Digests#of}
     * @param optionsAndData {@link Digests#ofOptionsAndData}
     * @param points {@link Digests#ofPoints}
     * @param record the parts of the model, and the accepted changes; empty when an earlier release wrote the record
     */
    record ModelDigests(String job, String optionsAndData, String points, Optional<ModelRecord> record) {
        private static ModelDigests of(EvaluationSpec spec) {
            return new ModelDigests(
                    Digests.of(spec),
                    Digests.ofOptionsAndData(spec),
                    Digests.ofPoints(spec),
                    Optional.of(spec.modelRecord()));
        }

        private static ModelDigests read(@Nullable Object json) {
            if (!(json instanceof JsonObject object)) {
                return new ModelDigests("", "", "", Optional.empty());
            }
            SortedMap<String, String> parts = new TreeMap<>();
            object.getObject("parts", new JsonObject())
                    .forEach((name, digest) -> parts.put(name, String.valueOf(digest)));
            List<String> accepted = new ArrayList<>();
            object.getArray("accepted_changes", new JsonArray())
                    .forEach(change -> accepted.add(String.valueOf(change)));
            return new ModelDigests(
                    object.getString("job", ""),
                    object.getString("options_and_data", ""),
                    object.getString("points", ""),
                    Optional.of(new ModelRecord(parts, accepted)));
        }

        private Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("job", job);
            json.put("options_and_data", optionsAndData);
            json.put("points", points);
            record.ifPresent(known -> {
                json.put("parts", known.parts());
                json.put("accepted_changes", known.accepted());
            });
            return json;
        }

        /** Whether this is the model of the given run. */
        boolean isOf(EvaluationSpec spec) {
            return job.equals(Digests.of(spec)) && optionsAndData.equals(Digests.ofOptionsAndData(spec));
        }
    }

    static void write(Path folder, Job job, EvaluationSpec spec, List<DataFile> files, long outcomesBefore)
            throws IOException {
        Map<String, Object> values = values(job, spec);
        values.put(
                DATA_FILES,
                files.stream()
                        .map(file -> Map.of("name", file.name(), "sha256", file.sha256()))
                        .toList());
        values.put(AXES, spec.points().names());
        values.put(OUTCOMES_BEFORE, outcomesBefore);
        values.put(MODEL_DIGESTS, ModelDigests.of(spec).json());
        String text = JsonWriter.indent("  ").string().value(json(values)).done() + "\n";
        if (job.plan() instanceof Plan.ListedByModel && spec.labels().isPresent()) {
            RecordedTasks.write(folder, spec.labels().get());
        }
        AtomicFile.write(folder.resolve(FILE), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** All values of the job, independent of the folder of its file and of the environment. */
    private static Map<String, Object> values(Job job, EvaluationSpec spec) {
        Map<String, Object> values = new LinkedHashMap<>(job.values());
        Map<String, Object> model = new LinkedHashMap<>();
        if (values.get("model") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> model.put(String.valueOf(key), value));
        }
        // Only the options that were given, since a default path is not relative to a job file.
        Map<String, Object> options = new LinkedHashMap<>(spec.options().asMap());
        options.keySet().retainAll(job.model().options().keySet());
        model.put("options", options);
        model.put("class_path", spec.classPath());
        Programs.record(job, model);
        model.put(
                DECLARED,
                RecordedDeclaration.of(new Declaration(
                        spec.model().name(),
                        spec.model().description(),
                        spec.parameters(),
                        spec.outputs(),
                        spec.batchSize())));
        values.put("model", model);
        if (job.plan() instanceof Plan.Rows rows) {
            Map<String, Object> where = new LinkedHashMap<>();
            where.putAll(rows.table().values(rows.fileKey()));
            where.put("labels", rows.labels());
            values.put(rows.key(), where);
        }
        if (job.plan() instanceof Plan.Search search && !search.recorded().isEmpty()) {
            Map<String, Object> section = new LinkedHashMap<>();
            if (values.get(search.key()) instanceof Map<?, ?> given) {
                given.forEach((key, value) -> section.put(String.valueOf(key), value));
            }
            section.putAll(search.recorded());
            values.put(search.key(), section);
        }
        values.put("output", Map.of("directory", job.output().directory().toString()));
        return values;
    }

    /**
     * The differences between another job and the recorded one in everything that results depend on, such as
     * {@code job.seed was 7, it is 8}. Empty when there is no record.
     */
    static List<String> differences(Path folder, Job job, EvaluationSpec spec) {
        Map<String, Object> old = new TreeMap<>();
        Map<String, Object> now = new TreeMap<>();
        try {
            flatten("", JsonFile.read(folder.resolve(FILE)), old);
        } catch (IOException e) {
            return List.of();
        }
        flatten("", (Map<?, ?>) json(values(job, spec)), now);
        Set<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> key.startsWith("output.")
                || key.startsWith("run.")
                || WHERE_TABLES_ARE.contains(key)
                || key.equals("model.class_path")
                || key.equals("model." + ProgramSection.FOLDER));
        keys.removeIf(key -> OURS.stream().anyMatch(ours -> key.equals(ours) || key.startsWith(ours + ".")));
        if (old.keySet().stream().noneMatch(key -> key.startsWith("model." + DECLARED))) {
            keys.removeIf(key -> key.startsWith("model." + DECLARED)); // of an earlier release
        }
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

    /** The recorded digests of the model; empty when there is no record. */
    static Optional<ModelDigests> model(Path folder) {
        try {
            return Optional.of(
                    ModelDigests.read(JsonFile.read(folder.resolve(FILE)).get(MODEL_DIGESTS)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a record, which may come from an untrusted source: nothing that it names is loaded, started or opened,
     * except the table of a job that has one.
     *
     * @throws JobException when there is none, or it cannot be read
     */
    static RunRecord read(Path folder) throws JobException {
        Path file = folder.resolve(FILE);
        try {
            JsonObject json = JsonFile.read(file);
            Map<String, Object> values = new LinkedHashMap<>();
            json.forEach((key, value) -> values.put(key, plain(value)));
            List<?> names = json.getArray(AXES, new JsonArray());
            values.keySet().removeAll(OURS);
            for (String table : List.of("grid", "parameters")) {
                if (values.get(table) instanceof Map<?, ?> given) {
                    values.put(table, ordered(given, names));
                }
            }
            Optional<Declaration> declaration = declaration(values);
            return new RunRecord(
                    JobFile.of(values, folder, FILE),
                    json.getLong(OUTCOMES_BEFORE),
                    declaration,
                    files(json),
                    RecordedTasks.read(folder),
                    ModelDigests.read(json.get(MODEL_DIGESTS)));
        } catch (IOException e) {
            throw new JobException("the record of a run cannot be read: " + e.getMessage());
        } catch (RuntimeException e) { // a value does not have the form that a run writes
            throw new JobException(file + " is not the record of a run: " + e);
        }
    }

    /** Removes the declaration from the values, since a job file has no such key. */
    private static Optional<Declaration> declaration(Map<String, Object> values) throws JobException {
        if (!(values.get("model") instanceof Map<?, ?> model) || !(model.remove(DECLARED) instanceof Map<?, ?> given)) {
            return Optional.empty();
        }
        Map<String, Object> recorded = new LinkedHashMap<>();
        given.forEach((key, value) -> recorded.put(String.valueOf(key), value));
        List<String> problems = new ArrayList<>();
        Declaration declaration = RecordedDeclaration.read(
                new Section(recorded, List.of("model", DECLARED), new SourcePositions(FILE, Map.of()), problems));
        if (!problems.isEmpty()) {
            throw new JobException(problems);
        }
        return Optional.of(declaration);
    }

    private static List<DataFile> files(JsonObject json) {
        List<DataFile> files = new ArrayList<>();
        for (Object each : json.getArray(DATA_FILES, new JsonArray())) {
            JsonObject file = (JsonObject) each;
            files.add(new DataFile(file.getString("name", ""), file.getString("sha256", "")));
        }
        return files;
    }

    /**
     * The points of the journal next to this record, as far as the record describes them. Its model cannot evaluate.
     *
     * @throws JobException when the journal is of another run, or the table of the job cannot be read
     */
    EvaluationSpec spec(JournalHeader header) throws JobException {
        RecordedModel model = new RecordedModel(
                declaration.orElseGet(() -> new Declaration(header.model(), "", List.of(), List.of(), 1)),
                header.jobDigest(),
                files,
                listed);
        ModelOptions options = ModelOptions.of(model, Map.of());
        try {
            PlannedPoints planned = planned(model, options, header);
            if (planned.points().size() != header.points() || !job.name().equals(header.job())) {
                throw new JobException(FILE + " and the journal are of different runs: job \"" + job.name() + "\" with "
                        + planned.points().size() + " points, and \"" + header.job() + "\" with " + header.points());
            }
            EvaluationSpec spec = new EvaluationSpec(
                    job.name(),
                    job.seed(),
                    model.name(),
                    List.of(),
                    model,
                    options,
                    planned.points(),
                    planned.labels(),
                    job.model().fixed(),
                    job.parameters());
            List<String> problems = model.isDeclared() ? new SpecValidator(job.origin()).problems(spec) : List.of();
            if (!problems.isEmpty()) {
                throw new JobException(problems);
            }
            return spec;
        } catch (IOException e) {
            throw new JobException("the points of the run cannot be read: " + e.getMessage());
        } catch (RuntimeException e) { // a value does not have the form that a run writes
            throw new JobException(FILE + " is not the record of a run: " + e);
        }
    }

    private PlannedPoints planned(RecordedModel model, ModelOptions options, JournalHeader header) throws IOException {
        if (job.plan() instanceof Plan.Search search) {
            List<String> names = PlannedPoints.parametersWithPriors(job);
            // What determined them is in the digest of the job.
            ProposedPoints proposals = new ProposedPoints(names, search.size(names.size()), "");
            return new PlannedPoints(proposals, Optional.empty(), Optional.empty());
        }
        if (job.plan() instanceof Plan.ListedByModel && listed.isEmpty()) {
            PointTable points = PointTable.ofRows(Math.toIntExact(header.points()));
            return new PlannedPoints(points, Optional.empty(), Optional.empty());
        }
        return PlannedPoints.of(job).fitted(model, options, job.model().fixed());
    }

    private static Map<String, Object> ordered(Map<?, ?> given, List<?> names) {
        Map<String, Object> ordered = new LinkedHashMap<>();
        names.stream().filter(given::containsKey).forEach(name -> ordered.put(String.valueOf(name), given.get(name)));
        given.forEach((name, value) -> ordered.putIfAbsent(String.valueOf(name), value));
        return ordered;
    }

    /** JSON has no infinite numbers, but priors do. */
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

    /** The value in the form that a job file gives. */
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
        boolean whole = value instanceof Integer || value instanceof BigInteger; // which of these depends on the parser
        return whole && value instanceof Number number ? (Object) number.longValue() : value;
    }
}
