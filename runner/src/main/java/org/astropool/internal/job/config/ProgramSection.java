package org.astropool.internal.job.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.astropool.internal.job.DurationText;
import org.astropool.internal.program.OutputRule;
import org.astropool.task.Output;

/**
 * A program as {@code [model]} gives it.
 *
 * @param key "command" for one process per point, or "program" for one process per slot
 * @param words of the command line
 * @param folder the folder of the job file, absolute
 * @param directory the working directory, absolute; empty for the scratch folder of each point
 * @param cores how many processors a point uses
 * @param ranks how many MPI ranks evaluate a point
 * @param startTimeout how long a program may take to send its first line
 * @param outputs of a command
 */
public record ProgramSection(
        String key,
        List<String> words,
        Path folder,
        Optional<Path> directory,
        Map<String, String> environment,
        int cores,
        int ranks,
        Duration startTimeout,
        List<OutputRule> outputs) {
    static final String COMMAND = "command";
    /** The interpreter where the environment names none. */
    static final String PYTHON = "python3";

    private static final String PYTHON_WORD = "{python}";
    private static final String PYTHON_VARIABLE = "ASTROPOOL_PYTHON";
    /** Only in the record of a run, not in job files. */
    public static final String FOLDER = "recorded_folder";

    public static final String OUTPUT_ORDER = "recorded_output_order";

    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final Set<String> INTERPRETERS = Set.of(
            "python", "python3", "bash", "sh", "env", "perl", "julia", "Rscript", "java", "octave", "nice", "timeout");

    public boolean isCommand() {
        return key.equals(COMMAND);
    }

    /** For results: the name of the program, or of the script that an interpreter reads. */
    public String name() {
        return words.stream()
                .map(word -> word.substring(word.lastIndexOf('/') + 1))
                .filter(word -> word.matches("[A-Za-z0-9][A-Za-z0-9._+-]*") && !INTERPRETERS.contains(word))
                .findFirst()
                .orElseGet(() -> words.get(0).substring(words.get(0).lastIndexOf('/') + 1));
    }

    /** The interpreter for which {@code {python}} stands. */
    static String python(Map<String, String> environment) {
        String named = environment.getOrDefault(PYTHON_VARIABLE, "");
        return named.isBlank() ? PYTHON : named;
    }

    /**
     * Problems are reported to the section.
     *
     * @param python the interpreter for which {@code {python}} stands
     */
    static ProgramSection read(Section model, String key, Path jobFolder, String python) {
        List<String> words = model.strings(key).orElse(List.of()).stream()
                .map(word -> word.equals(PYTHON_WORD) ? python : word)
                .toList();
        if (words.isEmpty() || words.get(0).isBlank()) {
            model.problem(key, "model." + key + " needs at least the name of a program");
            words = List.of("?");
        }
        boolean isCommand = key.equals(COMMAND);
        boolean recorded = model.keys().contains(FOLDER);
        Path folder = recorded ? Path.of(model.string(FOLDER).orElse("")) : jobFolder;
        Optional<Path> directory =
                model.string("directory").map(folder::resolve).map(Path::normalize);
        if (directory.isEmpty() && !isCommand) {
            directory = Optional.of(folder);
        }
        int cores = model.count("cores", 1).orElse(1);
        int ranks = model.count("ranks", 1).orElse(1);
        Duration startTimeout = START_TIMEOUT;
        List<OutputRule> outputs = List.of();
        if (isCommand) {
            outputs = outputs(model);
        } else {
            startTimeout = model.string("start_timeout")
                    .flatMap(text -> duration(model, text))
                    .orElse(START_TIMEOUT);
        }
        return new ProgramSection(
                key,
                words,
                folder,
                directory,
                environment(model.section("environment")),
                cores,
                ranks,
                startTimeout,
                outputs);
    }

    private static Optional<Duration> duration(Section model, String text) {
        try {
            return Optional.of(DurationText.parse(text));
        } catch (IllegalArgumentException e) {
            model.problem("start_timeout", "model.start_timeout is \"" + text + "\", it must be " + DurationText.FORMS);
            return Optional.empty();
        }
    }

    private static Map<String, String> environment(Section section) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : section.keys()) {
            section.string(name).ifPresent(value -> environment.put(name, value));
        }
        return environment;
    }

    private static List<OutputRule> outputs(Section model) {
        List<OutputRule> rules = new ArrayList<>();
        Section outputs = model.section("outputs");
        // JSON objects have no order, but columns do.
        Collection<String> names = model.keys().contains(OUTPUT_ORDER)
                ? model.strings(OUTPUT_ORDER).orElse(List.of())
                : outputs.keys();
        for (String name : names) {
            Section rule = outputs.section(name);
            try {
                rules.add(rule(name, rule));
            } catch (IllegalArgumentException e) {
                outputs.problem(name, String.valueOf(e.getMessage()));
            }
            rule.rejectUnknownKeys();
        }
        if (rules.isEmpty()) {
            model.problem(
                    "outputs",
                    "a command needs outputs, for instance outputs = { log_likelihood = { from = \"stdout\","
                            + " pattern = \"chi2 = (\\\\S+)\", scale = -0.5 } }");
        }
        return rules;
    }

    private static OutputRule rule(String name, Section rule) {
        String type = rule.string("type").orElse("double");
        Output.Type outputType;
        try {
            outputType = Output.Type.valueOf(type.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "output " + name + " is of type \"" + type + "\"; there are double, long, boolean, string", e);
        }
        String description = rule.string("description")
                .orElse(
                        name.equals(Output.LOG_LIKELIHOOD)
                                ? Output.logLikelihood().description()
                                : "");
        Output output = new Output(name, outputType, 1, rule.string("unit").orElse(""), description);
        return new OutputRule(
                output,
                rule.string("from").orElse(OutputRule.STDOUT),
                rule.string("pattern").orElse(""),
                rule.string("json").orElse(""),
                rule.count("column", 1).orElse(0),
                rule.number("scale").orElse(1.0));
    }
}
