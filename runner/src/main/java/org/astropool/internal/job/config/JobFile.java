package org.astropool.internal.job.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.astropool.internal.design.DesignKind;
import org.astropool.internal.job.DurationText;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job.ModelChoice;
import org.astropool.internal.job.config.Job.OutputSettings;
import org.astropool.internal.job.config.Job.ParameterNote;
import org.astropool.internal.job.config.Job.RunSettings;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.job.table.TableReference;
import org.astropool.internal.onnx.OnnxModel;
import org.astropool.sampler.Prior;
import org.astropool.task.Axis;
import org.astropool.task.Grid;

/** Reads job files. The grammar is in docs/job-file.md. */
public final class JobFile {
    /** The job's name becomes the name of a folder. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]*");

    private static final int LONGEST_NAME = 200;

    /** The sections of which a job has one, except those of searches. */
    private static final List<String> FIXED_PLANS = List.of("grid", "points", "tasks", "design");

    private static final String ONNX = "onnx";
    private static final List<String> MODEL_KINDS = List.of("name", "command", "program", ONNX);

    private final Path directory;
    private final SourcePositions origin;
    private final List<String> problems = new ArrayList<>();
    private boolean withoutPoints;
    private String python = ProgramSection.PYTHON;

    private JobFile(Path directory, SourcePositions origin) {
        this.directory = directory.normalize();
        this.origin = origin;
    }

    /**
     * Reads a job file. Whether its model, options and parameters exist is checked later, by {@code internal.job.plan}.
     *
     * @param settings from the command line; a later one beats an earlier one
     * @param environment for {@code ${NAME}}
     * @throws JobException with all problems that were found, each with its line or option
     */
    public static Job read(Path path, List<Setting> settings, Map<String, String> environment) throws JobException {
        return read(path, folderOf(path), settings, environment);
    }

    /**
     * The same for a copy of a job file.
     *
     * @param folder the one to which paths in the file are relative
     */
    public static Job read(Path path, Path folder, List<Setting> settings, Map<String, String> environment)
            throws JobException {
        return read(path, folder, settings, environment, false);
    }

    /** The same for a job that need not say at which points to evaluate: its plan is {@link Plan.Given} then. */
    public static Job readWithoutPoints(Path path, Path folder, List<Setting> settings, Map<String, String> environment)
            throws JobException {
        return read(path, folder, settings, environment, true);
    }

    /** The folder of a job file, to which its paths are relative. */
    public static Path folderOf(Path path) {
        return path.toAbsolutePath().normalize().resolveSibling(".");
    }

    private static Job read(
            Path path, Path folder, List<Setting> settings, Map<String, String> environment, boolean withoutPoints)
            throws JobException {
        Path absolute = path.toAbsolutePath().normalize();
        TomlDocument tree = TomlDocument.read(absolute, settings, environment);
        JobFile file = new JobFile(folder.toAbsolutePath(), tree.origin());
        file.withoutPoints = withoutPoints;
        file.python = ProgramSection.python(environment);
        return file.job(tree.root());
    }

    /**
     * A job from the {@link Job#values} of another one.
     *
     * @param directory the folder to which paths are relative
     * @param source where the values are from, for messages
     * @throws JobException with all problems that were found
     */
    public static Job of(Map<String, Object> values, Path directory, String source) throws JobException {
        return new JobFile(directory, new SourcePositions(source, Map.of())).job(values);
    }

    private Job job(Map<String, Object> values) throws JobException {
        Section root = new Section(values, List.of(), origin, problems);
        Section job = root.section("job");
        String name = job.string("name").orElse("");
        if (!job.has("name")) {
            job.missing("name", "\"my-grid\"");
        } else if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            job.problem(
                    "name",
                    "job.name is \"" + name
                            + "\", it must be a letter or digit, then letters, digits, . and -, at most " + LONGEST_NAME
                            + " characters, all in lower case: [a-z0-9][a-z0-9.-]*");
        }
        long seed = job.integer("seed").orElse(0L);
        job.rejectUnknownKeys();

        ModelChoice model = model(root.section("model"), varied(root));
        Map<String, ParameterNote> parameters = parameters(root.section("parameters"));
        Optional<Plan> plan = plan(root);
        RunSettings run = run(root.section("run"));
        OutputSettings output = output(root.section("output"), name, plan);
        root.rejectUnknownKeys();
        if (!problems.isEmpty() || plan.isEmpty()) {
            throw new JobException(problems);
        }
        return new Job(directory, name, seed, model, parameters, plan.get(), run, output, origin, values);
    }

    /** The axes of the grid, or else the parameters that have a prior. */
    private static List<String> varied(Section root) {
        if (root.has("grid")) {
            return List.copyOf(root.section("grid").keys());
        }
        Section parameters = root.section("parameters");
        return parameters.keys().stream()
                .filter(name -> parameters.any(name).orElse("") instanceof Map<?, ?> note && note.containsKey("prior"))
                .toList();
    }

    private Optional<Plan> plan(Section root) {
        Map<String, SearchKind> searches = new LinkedHashMap<>();
        SearchKind.all().forEach(kind -> searches.put(kind.key(), kind));
        List<String> plans = new ArrayList<>(FIXED_PLANS);
        plans.addAll(searches.keySet());
        List<String> given = plans.stream().filter(root::has).toList();
        if (given.isEmpty() && withoutPoints) {
            return Optional.of(new Plan.Given());
        }
        if (given.size() != 1) {
            problems.add(origin.of() + ": exactly one of [" + String.join("], [", plans) + "] must be given; "
                    + (given.isEmpty() ? "there is none" : "there are [" + String.join("], [", given) + "]"));
            given.forEach(root::section); // so that their keys are not reported as unknown
            return Optional.empty();
        }
        String key = given.get(0);
        Section section = root.section(key);
        return switch (key) {
            case "grid" -> grid(section).map(Plan.OnGrid::new);
            case "points" -> rows(section, key);
            case "design" -> design(section);
            case "tasks" -> section.keys().isEmpty() ? Optional.of(new Plan.ListedByModel()) : rows(section, key);
            default ->
                Objects.requireNonNull(searches.get(key))
                        .read(section, this::resolved)
                        .map(plan -> plan);
        };
    }

    private static Optional<Plan> design(Section section) {
        Optional<Integer> draws = section.count("draws", 1);
        if (!section.has("draws")) {
            section.missing("draws", "100000");
        }
        String label = section.string("kind").orElse(DesignKind.PRIOR.label());
        Optional<DesignKind> kind = DesignKind.of(label);
        if (kind.isEmpty()) {
            section.problem(
                    "kind",
                    "design.kind is \"" + label + "\", it must be one of " + String.join(", ", DesignKind.labels()));
        }
        section.rejectUnknownKeys();
        return draws.flatMap(count -> kind.map(known -> new Plan.Design(count, known)));
    }

    private Optional<Plan> rows(Section section, String key) {
        String fileKey = Plan.Rows.fileKey(key);
        Optional<String> file = section.string(fileKey);
        List<String> labels = section.strings("labels").orElse(List.of());
        Optional<TableReference> table = file.map(path -> section.table(Path.of(resolved(path))));
        section.rejectUnknownKeys();
        if (!section.has(fileKey)) {
            section.missing(fileKey, "\"points.fits\"");
        }
        return table.map(choice -> new Plan.Rows(key, choice, labels));
    }

    /** @param varied the names of the parameters that vary, in order, as far as the job file has them */
    private ModelChoice model(Section model, List<String> varied) {
        List<String> given = MODEL_KINDS.stream().filter(model::has).toList();
        if (given.size() != 1) {
            problems.add(origin.of("model") + ": exactly one of " + String.join(", ", MODEL_KINDS)
                    + " must be given in [model]; "
                    + (given.isEmpty() ? "there is none" : "there are " + String.join(", ", given)));
        }
        Optional<ProgramSection> program =
                given.size() != 1 || List.of("name", ONNX).contains(given.get(0))
                        ? Optional.empty()
                        : Optional.of(ProgramSection.read(model, given.get(0), directory, python));
        Optional<String> network = model.string(ONNX);
        String name = model.string("name").orElse(network.isPresent() ? OnnxModel.class.getName() : "");
        List<String> classPath = model.strings("class_path").orElse(List.of()).stream()
                .map(this::resolved)
                .toList();
        Map<String, Object> options = new LinkedHashMap<>();
        Section optionSection = model.section("options");
        for (String key : optionSection.keys()) {
            Object value = optionSection.any(key).orElseThrow();
            if (value instanceof String
                    || value instanceof Long
                    || value instanceof Double
                    || value instanceof Boolean) {
                options.put(key, value);
            } else {
                optionSection.wrongType(key, value, "a string, number or boolean");
            }
        }
        Map<String, Double> fixed = new LinkedHashMap<>();
        Section fixedSection = model.section("fixed");
        for (String key : fixedSection.keys()) {
            fixedSection.number(key).ifPresent(value -> {
                if (!Double.isFinite(value)) {
                    fixedSection.problem(key, "model.fixed." + key + " is " + value + ", it must be finite");
                }
                fixed.put(key, value);
            });
        }
        network.ifPresent(file -> {
            List<String> inputs = model.strings("inputs").orElse(varied);
            Path folder = origin.isOption("model", ONNX) ? Path.of("").toAbsolutePath() : directory;
            options.put(OnnxModel.FILE, folder.resolve(file).normalize().toString());
            options.put(OnnxModel.INPUTS, String.join(",", inputs));
        });
        model.rejectUnknownKeys();
        return new ModelChoice(name, classPath, options, fixed, program);
    }

    private Map<String, ParameterNote> parameters(Section parameters) {
        Map<String, ParameterNote> notes = new LinkedHashMap<>();
        for (String name : parameters.keys()) {
            Section note = parameters.section(name);
            Optional<String> label = note.string("label");
            Optional<Prior> prior = note.has("prior") ? prior(note, note.section("prior")) : Optional.empty();
            note.rejectUnknownKeys();
            notes.put(name, new ParameterNote(label, prior));
        }
        return notes;
    }

    private static Optional<Prior> prior(Section note, Section prior) {
        String kind = prior.string("kind").orElse("");
        Optional<Double> from = prior.number("from");
        Optional<Double> to = prior.number("to");
        Optional<Double> mean = Optional.empty();
        Optional<Double> std = Optional.empty();
        if (kind.equals("normal")) {
            mean = prior.number("mean");
            std = prior.number("std");
        }
        prior.rejectUnknownKeys();
        try {
            return Optional.of(
                    switch (kind) {
                        case "flat" -> new Prior.Flat(needed("from", from), needed("to", to));
                        case "log-flat" -> new Prior.LogFlat(needed("from", from), needed("to", to));
                        case "normal" ->
                            new Prior.Normal(
                                    needed("mean", mean),
                                    needed("std", std),
                                    from.orElse(Double.NEGATIVE_INFINITY),
                                    to.orElse(Double.POSITIVE_INFINITY));
                        default ->
                            throw new IllegalArgumentException(
                                    "kind is \"" + kind + "\", it must be flat, log-flat or normal");
                    });
        } catch (IllegalArgumentException e) {
            note.problem("prior", "prior: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static double needed(String key, Optional<Double> value) {
        return value.orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
    }

    private Optional<Grid> grid(Section grid) {
        List<Axis> axes = new ArrayList<>();
        for (String name : grid.keys()) {
            int before = problems.size();
            Section axis = grid.section(name);
            Optional<Axis> read = Optional.empty();
            try {
                read = axis(name, axis);
            } catch (IllegalArgumentException e) {
                grid.problem(name, String.valueOf(e.getMessage()));
            }
            axis.rejectUnknownKeys();
            read.ifPresent(axes::add);
            if (read.isEmpty() && problems.size() == before) {
                grid.problem(name, "axis " + name + " needs { from, to, count } or { values }");
            }
        }
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Grid(axes));
        } catch (IllegalArgumentException e) {
            problems.add(origin.of("grid") + ": [grid]: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Axis> axis(String name, Section axis) {
        if (axis.has("values")) {
            return axis.numbers("values")
                    .map(values -> Axis.of(
                            name,
                            values.stream().mapToDouble(Double::doubleValue).toArray()));
        }
        Optional<Double> from = axis.number("from");
        Optional<Double> to = axis.number("to");
        Optional<Integer> count = axis.count("count", 1);
        String spacing = axis.string("spacing").orElse("linear");
        if (from.isEmpty() || to.isEmpty() || count.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (spacing) {
                    case "linear" -> Axis.linear(name, from.get(), to.get(), count.get());
                    case "log" -> Axis.log(name, from.get(), to.get(), count.get());
                    default ->
                        throw new IllegalArgumentException(
                                "axis " + name + ": spacing is \"" + spacing + "\", it must be linear or log");
                });
    }

    private RunSettings run(Section run) {
        int retries = run.count("retries", 0).orElse(0);
        Optional<Duration> timeout = run.string("timeout").flatMap(text -> timeout(run, text));
        String isolation = run.string("isolation").orElse("thread");
        if (!isolation.equals("thread") && !isolation.equals("process")) {
            run.problem("isolation", "run.isolation is \"" + isolation + "\", it must be \"thread\" or \"process\"");
        }
        FailureAllowance allowFailures = allowFailures(run);
        int stopWhenAllFail = run.count("stop_when_all_fail", 0).orElse(RunSettings.DEFAULT.stopWhenAllFail());
        run.rejectUnknownKeys();
        return new RunSettings(retries, timeout, isolation.equals("process"), allowFailures, stopWhenAllFail);
    }

    private static Optional<Duration> timeout(Section run, String text) {
        if (text.equals("none")) {
            return Optional.empty();
        }
        try {
            Duration timeout = DurationText.parse(text);
            if (!timeout.isZero()) {
                return Optional.of(timeout);
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        run.problem("timeout", "run.timeout is \"" + text + "\", it must be \"none\" or " + DurationText.FORMS);
        return Optional.empty();
    }

    private static FailureAllowance allowFailures(Section run) {
        Object value = run.any("allow_failures").orElse(0L);
        if (value instanceof Long count && count >= 0) {
            return new FailureAllowance(count, 0);
        }
        try {
            if (value instanceof String text) {
                return FailureAllowance.parse(text);
            }
            run.wrongType("allow_failures", value, "a count, \"any\", or a percentage like \"5 %\"");
        } catch (IllegalArgumentException e) {
            run.problem("allow_failures", "run.allow_failures: " + e.getMessage());
        }
        return FailureAllowance.NONE;
    }

    private OutputSettings output(Section output, String jobName, Optional<Plan> plan) {
        Optional<String> given = output.string("directory");
        if (given.isPresent() && given.get().isBlank()) {
            output.problem("directory", "output.directory is empty; name a folder, or leave the key out");
        }
        Path out = given.map(text -> Path.of(resolved(text)))
                .orElseGet(() -> directory.resolve("out").resolve(jobName));
        List<TableFormat> formats = new ArrayList<>();
        for (String label : output.strings("formats").orElse(List.of())) {
            if (TableFormat.labels().contains(label)) {
                formats.add(TableFormat.valueOf(label.toUpperCase(Locale.ROOT)));
            } else {
                output.problem(
                        "formats",
                        "output.formats: \"" + label + "\" is not one of " + String.join(", ", TableFormat.labels()));
            }
        }
        boolean report = output.flag("report").orElse(true);
        OptionalInt shardRows =
                output.count("shard_rows", 1).map(OptionalInt::of).orElse(OptionalInt.empty());
        if (output.has("shard_rows") && plan.isPresent() && !(plan.get() instanceof Plan.Design)) {
            output.problem(
                    "shard_rows",
                    "output.shard_rows is for the files of a [design]; ["
                            + plan.get().key() + "] writes one table, remove the key");
        }
        output.rejectUnknownKeys();
        return new OutputSettings(out, formats, report, shardRows);
    }

    private String resolved(String path) {
        return directory.resolve(path).normalize().toString();
    }
}
