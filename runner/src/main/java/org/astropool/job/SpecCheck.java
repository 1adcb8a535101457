package org.astropool.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.astropool.job.Job.ModelChoice;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.astropool.task.Model;
import org.astropool.task.ModelException;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Models;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.ProgramException;

/** Checks that a job fits its model, before anything starts. */
final class SpecCheck {
    private final Origin origin;
    private final List<String> problems = new ArrayList<>();

    SpecCheck(Origin origin) {
        this.origin = origin;
    }

    GridSpec checked(Job job) throws JobException {
        ModelChoice choice = job.model();
        try {
            ClassLoader loader =
                    Models.loader(choice.classPath(), Thread.currentThread().getContextClassLoader());
            checkClassPath(choice.classPath());
            Model model = choice.program().isPresent()
                    ? Programs.model(choice.program().get(), job)
                    : Models.find(choice.name(), loader);
            ModelOptions options = ModelOptions.of(model, withResolvedPaths(model, choice.options(), job.directory()));
            GridSpec spec = new GridSpec(
                    job.name(),
                    job.seed(),
                    choice.program().isPresent() ? model.name() : choice.name(),
                    choice.classPath(),
                    model,
                    options,
                    job.grid(),
                    choice.fixed(),
                    job.parameters());
            problems(spec);
            if (problems.isEmpty()) {
                return spec;
            }
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
    List<String> problems(GridSpec spec) {
        List<Parameter> parameters = spec.parameters();
        List<String> names = parameters.stream().map(Parameter::name).toList();
        checkNames(names, spec.outputs());
        for (Axis axis : spec.grid().axes()) {
            checkKnown(spec, axis.name(), names, "grid", axis.name());
        }
        for (String name : spec.fixed().keySet()) {
            checkKnown(spec, name, names, "model", "fixed", name);
        }
        for (String name : spec.notes().keySet()) {
            checkKnown(spec, name, names, "parameters", name);
        }
        names.forEach(name -> checkHasOneValue(spec, name));
        for (Path file : spec.model().dataFiles(spec.options())) {
            if (!Files.isReadable(file)) {
                problems.add(origin.of("model", "options") + ": the data file " + file
                        + (Files.exists(file) ? " cannot be read" : " does not exist")
                        + "; the options of the model say where its data are");
            }
        }
        return problems;
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

    private void checkKnown(GridSpec spec, String name, List<String> names, String... path) {
        if (!names.contains(name)) {
            problems.add(origin.of(path) + ": model " + spec.model().name() + " has no parameter \"" + name + "\""
                    + Models.hint(name, names) + " It has " + String.join(", ", names));
        }
    }

    private void checkHasOneValue(GridSpec spec, String name) {
        Grid grid = spec.grid();
        boolean onAxis = grid.axes().stream().anyMatch(axis -> axis.name().equals(name));
        boolean isFixed = spec.fixed().containsKey(name);
        if (onAxis && isFixed) {
            problems.add(origin.of("model", "fixed", name) + ": parameter \"" + name
                    + "\" is fixed and on an axis; remove one of them");
        } else if (!onAxis && !isFixed) {
            problems.add(origin.of("grid") + ": parameter \"" + name + "\" of model "
                    + spec.model().name() + " has no value; give it an axis in [grid], or a value in [model.fixed]");
        }
    }

    /** Names become columns, and FITS does not tell case apart. */
    private void checkNames(List<String> parameters, List<Output> outputs) {
        Set<String> seen = new HashSet<>();
        List<String> all = new ArrayList<>(parameters);
        outputs.forEach(output -> all.add(output.name()));
        for (String name : all) {
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                problems.add(origin.of("model", "name") + ": the model has two parameters or outputs named \"" + name
                        + "\"; names must differ in more than case");
            }
        }
    }
}
