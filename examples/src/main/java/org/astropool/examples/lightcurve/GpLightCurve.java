package org.astropool.examples.lightcurve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.astropool.examples.lightcurve.ProcessFit.Choice;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Variable;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskList;

/**
 * The model {@code gp-light-curve}: a Gaussian process for the light curve of each supernova of a survey in each band,
 * as an alternative to {@link BazinLightCurve}, with the same tasks and the same names of outputs. See
 * {@link GaussianProcess}. A light curve that does not cover its maximum is skipped with the reason.
 */
public final class GpLightCurve implements Model {
    private static final String HYPERPARAMETERS = "hyperparameters";
    private static final String MAXIMUM = "maximum";
    private static final String MARGINALISED = "marginalised";
    private static final String LOG_AMPLITUDE = "ln_a";
    private static final String LOG_SCALE = "ln_l";

    /** The light curve of a task. */
    private record Fitted(ObservedSupernova supernova, String band, FitPoints points) {}

    @Override
    public String name() {
        return "gp-light-curve";
    }

    @Override
    public String description() {
        return "Gaussian processes for light curves of supernovae, one for each supernova and band";
    }

    @Override
    public List<ModelOption> options() {
        List<ModelOption> options = new ArrayList<>(LightCurveTasks.options());
        options.add(new ModelOption(
                HYPERPARAMETERS,
                ModelOption.Type.STRING,
                MAXIMUM,
                List.of(MAXIMUM, MARGINALISED),
                "those of the greatest likelihood, or all of them, weighted with it"));
        options.add(new ModelOption(
                LOG_AMPLITUDE,
                ModelOption.Type.NUMBER,
                Double.NaN,
                List.of(),
                "ln a for all light curves, a in units of FLUXCAL; with ln_l"));
        options.add(new ModelOption(
                LOG_SCALE,
                ModelOption.Type.NUMBER,
                Double.NaN,
                List.of(),
                "ln l for all light curves, l in days; with ln_a"));
        return options;
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        LightCurveTasks.bands(options);
        areGiven(options);
        return List.of();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        List<Output> outputs = new ArrayList<>(List.of(
                Output.logLikelihood(),
                new Output("n_points", Output.Type.LONG, 1, "", "number of points that were fitted"),
                Output.number(LOG_AMPLITUDE, "", "ln a, a in units of FLUXCAL; the mean where it is marginalised"),
                Output.number(LOG_SCALE, "", "ln l, l in days; the mean where it is marginalised")));
        outputs.addAll(LightCurveTasks.outputs());
        return outputs;
    }

    @Override
    public Optional<ModelGraph> graph(ModelOptions options) {
        return Optional.of(LightCurveGraph.of(
                List.of(
                        hyperparameter(options, LOG_AMPLITUDE, "\\mathrm{ln}\\,a"),
                        hyperparameter(options, LOG_SCALE, "\\mathrm{ln}\\,l")),
                Variable.latent("curve", "$f(t)$")
                        .distributed("GP(0,\\,k),\\,k(d)=a^2(1+\\sqrt{3}d/l)\\,e^{-\\sqrt{3}d/l}")));
    }

    private static Variable hyperparameter(ModelOptions options, String name, String label) {
        return areGiven(options) ? Variable.fixed(name, label) : Variable.latent(name, label);
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return LightCurveTasks.dataFiles(options);
    }

    /** @throws DataFileException when a file is missing or malformed */
    @Override
    public Optional<TaskList> tasks(ModelOptions options) throws IOException {
        TaskList tasks = new TaskList(LightCurveTasks.labels());
        for (Fitted fitted : read(options)) {
            double size = 1.0 + fitted.points().size();
            tasks.addWithCost(size * size * size, fitted.supernova().name(), fitted.band());
        }
        return Optional.of(tasks);
    }

    /** @throws DataFileException when a file is missing or malformed */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        List<Fitted> all = read(options);
        return (point, row, context) -> evaluate(options, all.get((int) context.index()), row);
    }

    private static void evaluate(ModelOptions options, Fitted fitted, OutputRow row) throws SkippedException {
        FitPoints points = fitted.points();
        points.checkCoverage();
        List<Choice> choices = choices(options, points);
        PeakEstimate peak = ProcessPeak.of(points, choices);
        double logAmplitude = 0;
        double logScale = 0;
        for (Choice choice : choices) {
            logAmplitude += choice.weight() * choice.logAmplitude();
            logScale += choice.weight() * choice.logScale();
        }
        row.set(0, new GaussianProcess(points, logAmplitude, logScale).logLikelihood());
        row.setLong(1, points.size());
        row.set(2, logAmplitude);
        row.set(3, logScale);
        LightCurveTasks.set(row, 4, peak, fitted.supernova());
    }

    private static List<Choice> choices(ModelOptions options, FitPoints points) throws SkippedException {
        if (areGiven(options)) {
            return List.of(new Choice(options.number(LOG_AMPLITUDE), options.number(LOG_SCALE), 1));
        }
        return options.string(HYPERPARAMETERS).equals(MARGINALISED)
                ? ProcessFit.posterior(points)
                : List.of(ProcessFit.maximum(points));
    }

    private static boolean areGiven(ModelOptions options) {
        boolean hasAmplitude = !Double.isNaN(options.number(LOG_AMPLITUDE));
        boolean hasScale = !Double.isNaN(options.number(LOG_SCALE));
        if (hasAmplitude != hasScale) {
            throw new OptionException(
                    hasAmplitude ? LOG_SCALE : LOG_AMPLITUDE,
                    LOG_AMPLITUDE + " and " + LOG_SCALE + " must be given together, or neither");
        }
        if (hasAmplitude && options.string(HYPERPARAMETERS).equals(MARGINALISED)) {
            throw new OptionException(
                    HYPERPARAMETERS,
                    HYPERPARAMETERS + " is " + MARGINALISED + ", but " + LOG_AMPLITUDE + " and " + LOG_SCALE
                            + " are given; leave one of them out");
        }
        return hasAmplitude;
    }

    private static List<Fitted> read(ModelOptions options) throws IOException {
        return LightCurveTasks.read(options).stream()
                .map(one ->
                        new Fitted(one.supernova(), one.band(), FitPoints.toDay60(one.supernova(), one.lightCurve())))
                .toList();
    }
}
