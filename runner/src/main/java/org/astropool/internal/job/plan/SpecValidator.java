package org.astropool.internal.job.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.astropool.internal.design.DesignPoints;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.Job.ModelChoice;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.config.SourcePositions;
import org.astropool.internal.model.ModelException;
import org.astropool.internal.model.Models;
import org.astropool.task.Grid;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.ProgramException;

/** Checks that a job fits its model, before anything starts. */
public final class SpecValidator {
    private final SourcePositions origin;
    private final List<String> problems = new ArrayList<>();
    private String planKey = "grid";

    public SpecValidator(SourcePositions origin) {
        this.origin = origin;
    }

    EvaluationSpec checked(Job job, ProgramUse use) throws JobException {
        ModelChoice choice = job.model();
        try {
            ClassLoader loader =
                    Models.loader(choice.classPath(), Thread.currentThread().getContextClassLoader());
            checkClassPath(choice.classPath());
            PlannedPoints planned = PlannedPoints.of(job);
            Model model = choice.program().isPresent()
                    ? Programs.model(
                            choice.program().get(),
                            job,
                            choice.program().get().isCommand() ? planned.names() : List.of(),
                            use)
                    : Models.find(choice.name(), loader);
            ModelOptions options = ModelOptions.of(model, withResolvedPaths(model, choice.options(), job.directory()));
            checkDataFiles(model, options);
            if (!problems.isEmpty()) {
                throw new JobException(problems);
            }
            planned = job.plan() instanceof Plan.Given
                    ? PlannedPoints.given(model, options, choice.fixed())
                    : planned.fitted(model, options, choice.fixed());
            EvaluationSpec spec = new EvaluationSpec(
                    job.name(),
                    job.seed(),
                    choice.program().isPresent() ? model.name() : choice.name(),
                    choice.classPath(),
                    model,
                    options,
                    planned.points(),
                    planned.labels(),
                    choice.fixed(),
                    job.parameters());
            planKey = job.plan().key();
            checkParameters(spec);
            if (job.plan() instanceof Plan.Design && spec.points().names().isEmpty()) {
                checkHasPrior(spec);
            }
            if (job.plan() instanceof Plan.Search search && problems.isEmpty()) {
                checkSearch(search, spec);
            }
            if (problems.isEmpty()) {
                return spec;
            }
        } catch (IOException e) {
            problems.add(origin.of(job.plan().key()) + ": " + e.getMessage());
        } catch (ModelException e) {
            problems.add(origin.of("model", "name") + ": " + e.getMessage());
        } catch (ProgramException e) {
            problems.add(Programs.problem(choice.program().orElseThrow(), origin, e));
        } catch (OptionException e) {
            problems.add(origin.of("model", "options", e.option()) + ": " + e.getMessage());
        }
        throw new JobException(problems);
    }

    /** @throws OptionException when the options do not go together */
    public List<String> problems(EvaluationSpec spec) {
        checkParameters(spec);
        checkDataFiles(spec.model(), spec.options());
        return problems;
    }

    private void checkParameters(EvaluationSpec spec) {
        List<Parameter> parameters = spec.parameters();
        List<String> names = parameters.stream().map(Parameter::name).toList();
        List<String> columns =
                new ArrayList<>(spec.outputs().stream().map(Output::name).toList());
        spec.labels().ifPresent(list -> columns.addAll(list.names()));
        checkNames(names, columns);
        for (String name : spec.points().names()) {
            checkKnown(spec, name, names, planKey, name);
        }
        for (String name : spec.fixed().keySet()) {
            checkKnown(spec, name, names, "model", "fixed", name);
        }
        for (String name : spec.notes().keySet()) {
            checkKnown(spec, name, names, "parameters", name);
        }
        names.forEach(name -> checkHasOneValue(spec, name));
    }

    private void checkSearch(Plan.Search search, EvaluationSpec spec) throws JobException {
        if (!spec.hasLikelihood()) {
            problems.add(origin.of(planKey) + ": model " + spec.model().name() + " has no output "
                    + Output.LOG_LIKELIHOOD + "; [" + planKey + "] needs one");
        } else if (spec.points().names().isEmpty()) {
            checkHasPrior(spec);
        } else {
            try {
                search.check(spec.searchSpace());
            } catch (IllegalArgumentException | IOException e) {
                throw new JobException("[" + planKey + "]: " + e.getMessage());
            }
        }
    }

    private void checkHasPrior(EvaluationSpec spec) {
        String example =
                spec.parameters().isEmpty() ? "a" : spec.parameters().get(0).name();
        problems.add(origin.of(planKey) + ": no parameter has a prior; give one in [parameters], for instance "
                + example + " = { prior = { kind = \"flat\", from = 0.0, to = 1.0 } }");
    }

    private void checkDataFiles(Model model, ModelOptions options) {
        for (Path file : model.dataFiles(options)) {
            if (!Files.isReadable(file)) {
                String problem = "the data file " + file + (Files.exists(file) ? " cannot be read" : " does not exist");
                Optional<String> option = optionWithPathOf(file, model, options);
                if (origin.has("model", "onnx")) {
                    problems.add(origin.of("model", "onnx") + ": " + problem + "; check model.onnx");
                } else if (option.isPresent()) {
                    problems.add(origin.of("model", "options", option.get()) + ": " + problem + "; option "
                            + option.get() + " of the model gives its location");
                } else {
                    problems.add(origin.of("model", "options") + ": " + problem
                            + "; the options of the model give the location of its data");
                }
            }
        }
    }

    /** The option of the job that names a file, or a folder that it is in. */
    private static Optional<String> optionWithPathOf(Path file, Model model, ModelOptions options) {
        return model.options().stream()
                .filter(option -> option.type() == ModelOption.Type.PATH)
                .map(ModelOption::name)
                .filter(name -> file.startsWith(options.path(name)))
                .findFirst();
    }

    private void checkClassPath(List<String> classPath) {
        for (String entry : classPath) {
            if (!Files.exists(Path.of(entry))) {
                problems.add(origin.of("model", "class_path") + ": " + entry + " on the class path does not exist");
            }
        }
    }

    /** PATH options are relative to the job file, or to the working directory when they come from the command line. */
    private Map<String, Object> withResolvedPaths(Model model, Map<String, Object> given, Path directory) {
        Map<String, Object> resolved = new HashMap<>(given);
        for (ModelOption option : model.options()) {
            if (option.type() == ModelOption.Type.PATH && resolved.get(option.name()) instanceof String text) {
                boolean isOption = origin.isOption("model", "options", option.name());
                Path base = isOption ? Path.of("").toAbsolutePath() : directory;
                resolved.put(option.name(), base.resolve(text).normalize().toString());
            }
        }
        return resolved;
    }

    private void checkKnown(EvaluationSpec spec, String name, List<String> names, String... path) {
        if (!names.contains(name)) {
            problems.add(origin.of(path) + ": model " + spec.model().name() + " has no parameter \"" + name + "\""
                    + Models.hint(name, names, "it has " + String.join(", ", names)));
        }
    }

    private void checkHasOneValue(EvaluationSpec spec, String name) {
        boolean varies = spec.points().names().contains(name);
        boolean isFixed = spec.fixed().containsKey(name);
        boolean isGrid = spec.points() instanceof Grid;
        if (varies && isFixed) {
            problems.add(origin.of("model", "fixed", name) + ": parameter \"" + name + "\" is fixed and "
                    + (isGrid ? "on an axis" : "a column of the table") + "; remove one of them");
        } else if (!varies && !isFixed) {
            problems.add(origin.of(planKey) + ": parameter \"" + name + "\" of model "
                    + spec.model().name() + " has no value; give it "
                    + whereToGiveIt(spec)
                    + ", or a value in [model.fixed]");
        }
    }

    private String whereToGiveIt(EvaluationSpec spec) {
        if (spec.points() instanceof Grid) {
            return "an axis in [grid]";
        }
        return spec.points() instanceof ProposedPoints || spec.points() instanceof DesignPoints
                ? "a prior in [parameters]"
                : "a column in the table of [" + planKey + "]";
    }

    /** Names become columns, and FITS ignores case. */
    private void checkNames(List<String> parameters, List<String> outputs) {
        Set<String> seen = new HashSet<>();
        List<String> all = new ArrayList<>(parameters);
        all.addAll(outputs);
        for (String name : all) {
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                problems.add(origin.of("model", "name") + ": the model has two parameters or outputs named \"" + name
                        + "\"; names must differ in more than case");
            }
        }
    }
}
