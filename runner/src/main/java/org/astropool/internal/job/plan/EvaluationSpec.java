package org.astropool.internal.job.plan;

import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.astropool.internal.design.DesignPoints;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.Job.ParameterNote;
import org.astropool.internal.job.config.SearchSpace;
import org.astropool.internal.job.config.SourcePositions;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.model.CheckedModel;
import org.astropool.internal.model.ModelException;
import org.astropool.internal.model.ModelFunction;
import org.astropool.internal.model.ModelSource;
import org.astropool.internal.model.Models;
import org.astropool.internal.model.NumberedPointFunction;
import org.astropool.internal.model.PointFunction;
import org.astropool.internal.program.ProgramModel;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.Prior;
import org.astropool.task.Grid;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.Points;
import org.astropool.task.TaskList;

/**
 * A model, its options, and the points at which to evaluate it, after all checks. Immutable.
 *
 * @param name of the job, for the metadata of results
 * @param seed of the random streams of the points
 * @param modelName the name or class under which workers find the model
 * @param classPath jars and folders that hold the model, in addition to the context class loader
 * @param labels labels of the points in addition to their parameters, and their expected costs; or empty
 * @param fixed values of the parameters that the points do not have; those with a default value may be missing
 * @param notes labels and priors of parameters, by name
 * @param modelRecord what the model consists of
 */
public record EvaluationSpec(
        String name,
        long seed,
        String modelName,
        List<String> classPath,
        Model model,
        ModelOptions options,
        Points points,
        Optional<TaskList> labels,
        Map<String, Double> fixed,
        Map<String, ParameterNote> notes,
        ModelRecord modelRecord) {
    /** The columns of results that are computed from the priors, in addition to those of axes and outputs. */
    public static final String LOG_PRIOR = "log_prior";

    public static final String LOG_POSTERIOR = "log_posterior";

    private static final long MOST_ROWS_OF_TEXT = 1_000_000;

    public EvaluationSpec {
        classPath = List.copyOf(classPath);
        fixed = new TreeMap<>(fixed);
        for (Parameter parameter : model.parameters(options)) {
            if (parameter.defaultValue() != null && !points.names().contains(parameter.name())) {
                fixed.putIfAbsent(parameter.name(), parameter.defaultValue());
            }
        }
        notes = new LinkedHashMap<>(notes);
    }

    /** Whether the number of points is known; for a search it is not, and its points have room for more. */
    public boolean isSizeKnown() {
        return !(points instanceof ProposedPoints);
    }

    public EvaluationSpec(
            String name,
            long seed,
            String modelName,
            List<String> classPath,
            Model model,
            ModelOptions options,
            Points points,
            Optional<TaskList> labels,
            Map<String, Double> fixed,
            Map<String, ParameterNote> notes) {
        this(name, seed, modelName, classPath, model, options, points, labels, fixed, notes, ModelRecord.NONE);
    }

    /** The same with another record of the model. */
    public EvaluationSpec with(ModelRecord record) {
        return new EvaluationSpec(
                name, seed, modelName, classPath, model, options, points, labels, fixed, notes, record);
    }

    /** The same with other points of the same parameters. */
    public EvaluationSpec with(Points others) {
        return new EvaluationSpec(
                name, seed, modelName, classPath, model, options, others, labels, fixed, notes, modelRecord);
    }

    /**
     * A grid without a job file. The context class loader finds the model.
     *
     * @param options String, Long, Double or Boolean by name
     * @throws JobException when the model does not exist, or options, axes and fixed values do not fit it
     */
    public static EvaluationSpec of(String modelName, Map<String, Object> options, Grid grid, Map<String, Double> fixed)
            throws JobException {
        try {
            Model model = Models.find(modelName, Thread.currentThread().getContextClassLoader());
            EvaluationSpec spec = new EvaluationSpec(
                    modelName.toLowerCase(Locale.ROOT),
                    0,
                    modelName,
                    List.of(),
                    model,
                    ModelOptions.of(model, options),
                    grid,
                    Optional.empty(),
                    fixed,
                    Map.of());
            List<String> problems = new SpecValidator(new SourcePositions("grid", Map.of())).problems(spec);
            if (!problems.isEmpty()) {
                throw new JobException(problems);
            }
            return spec;
        } catch (ModelException | IllegalArgumentException e) {
            throw new JobException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /**
     * Finds the model of a job and checks everything that can be checked before a worker starts: options, parameters,
     * and that the data files can be read.
     *
     * @throws JobException with all problems that were found, each with its line or option
     */
    public static EvaluationSpec of(Job job) throws JobException {
        return of(job, ProgramUse.DECLARE);
    }

    /**
     * The same.
     *
     * @param use what the program of the job is used for next
     */
    public static EvaluationSpec of(Job job, ProgramUse use) throws JobException {
        EvaluationSpec spec = new SpecValidator(job.origin()).checked(job, use);
        try {
            return spec.with(ModelRecord.of(spec.model, spec.options, spec.classPath));
        } catch (UncheckedIOException e) {
            throw new JobException(job.origin().of("model") + ": " + e.getMessage());
        }
    }

    /** The same for a run that is only read: the files of its model may have been changed or removed. */
    static EvaluationSpec ofRecorded(Job job) throws JobException {
        return new SpecValidator(job.origin()).checked(job, ProgramUse.DECLARE);
    }

    public List<Parameter> parameters() {
        return model.parameters(options);
    }

    /** The declaration of a parameter. @throws IllegalArgumentException when the model has no such parameter */
    public Parameter parameter(String parameterName) {
        return parameters().stream()
                .filter(parameter -> parameter.name().equals(parameterName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no parameter \"" + parameterName + "\""));
    }

    public List<Output> outputs() {
        return model.outputs(options);
    }

    public int batchSize() {
        return model.batchSize(options);
    }

    /** What workers evaluate; its inputs are the indices of the points. */
    public ModelFunction function() {
        return new ModelFunction(source(), options, points, fixed);
    }

    /** What workers evaluate; they refuse it if their files differ from those of the master. */
    private ModelSource source() {
        if (model instanceof ProgramModel program) {
            Map<String, String> named = new TreeMap<>(modelRecord.parts());
            named.keySet().retainAll(program.digests().keySet());
            return program.withFiles(named);
        }
        if (model instanceof ModelSource source) {
            return source;
        }
        Map<String, String> named = new TreeMap<>(modelRecord.parts());
        named.keySet()
                .retainAll(ModelRecord.ofClasses(model, options, classPath).keySet());
        return new CheckedModel(modelName, classPath, options, named);
    }

    /** The same for points that are the inputs. */
    public PointFunction pointFunction() {
        return new PointFunction(source(), options);
    }

    /** The same for points that come with their numbers, one by one or in batches. */
    public NumberedPointFunction numberedPointFunction() {
        return new NumberedPointFunction(source(), options, seed);
    }

    public boolean hasLikelihood() {
        return outputs().stream().anyMatch(output -> output.name().equals(Output.LOG_LIKELIHOOD));
    }

    public boolean hasPriors() {
        return notes.values().stream().anyMatch(note -> note.prior().isPresent());
    }

    /** The prior of a parameter, when there is one. */
    public Optional<Prior> prior(String parameterName) {
        ParameterNote note = notes.get(parameterName);
        return note == null ? Optional.empty() : note.prior();
    }

    /** Where a search looks for its points; all of its parameters have a prior. */
    public SearchSpace searchSpace() {
        List<String> names = points.names();
        List<Prior> priors =
                names.stream().map(varied -> prior(varied).orElseThrow()).toList();
        return new SearchSpace(names.stream().map(this::parameter).toList(), new JointPrior(names, priors), seed);
    }

    /** ECSV and FITS; above 10^6 rows FITS alone; for a design NPZ. */
    public List<TableFormat> defaultFormats() {
        if (points instanceof DesignPoints) {
            return List.of(TableFormat.NPZ);
        }
        return points.size() > MOST_ROWS_OF_TEXT
                ? List.of(TableFormat.FITS)
                : List.of(TableFormat.ECSV, TableFormat.FITS);
    }
}
