package org.astropool.examples.lightcurve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
 * The model {@code bazin-light-curve}: the function of Bazin et al. 2009 (A&amp;A 499, 653) fitted to the light curve
 * of each supernova of a survey in each band. It lists its own tasks and has no parameters. A light curve that does not
 * cover its maximum, or that the function does not describe, is skipped with the reason.
 *
 * <p>{@code t = (MJD - peak) / (1 + z_hel)}, peak being the survey's estimate; errors are those of the file and 3 % of
 * the flux. With resamples, each task is a bootstrap resample of a light curve, drawn from the random stream of the
 * task.
 */
public final class BazinLightCurve implements Model {
    private static final String RESAMPLES = "resamples";
    private static final int MOST_RESAMPLES = 100_000;

    /** What is fitted in one task, or resampled in each of several consecutive ones. */
    private record Fitted(ObservedSupernova supernova, String band, FitPoints points) {}

    @Override
    public String name() {
        return "bazin-light-curve";
    }

    @Override
    public String description() {
        return "fits of a four-parameter function to light curves of supernovae, one for each supernova and band";
    }

    @Override
    public List<ModelOption> options() {
        List<ModelOption> options = new ArrayList<>(LightCurveTasks.options());
        options.add(new ModelOption(
                RESAMPLES,
                ModelOption.Type.INTEGER,
                0L,
                List.of(),
                "fit so many bootstrap resamples of each light curve instead of itself, from 0 to " + MOST_RESAMPLES));
        return options;
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        LightCurveTasks.bands(options);
        resamples(options);
        return List.of();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        List<Output> outputs = new ArrayList<>(List.of(
                new Output("n_points", Output.Type.LONG, 1, "", "number of points that were fitted"),
                Output.number("chi2", "", "sum of squared residuals over squared errors"),
                Output.number("log_amplitude", "", "ln A, A in units of FLUXCAL"),
                Output.number("t0", "d", "t0, rest frame, since the survey's date of maximum"),
                Output.number("log_rise_time", "", "ln tr, tr in days"),
                Output.number("log_fall_time", "", "ln tf, tf in days"),
                new Output(
                        "covariance",
                        Output.Type.DOUBLE_VECTOR,
                        BazinFunction.PARAMETERS * BazinFunction.PARAMETERS,
                        "",
                        "of (log_amplitude, t0, log_rise_time, log_fall_time), row by row")));
        outputs.addAll(LightCurveTasks.outputs());
        return outputs;
    }

    @Override
    public Optional<ModelGraph> graph(ModelOptions options) {
        return Optional.of(LightCurveGraph.of(
                List.of(
                        Variable.latent("log_amplitude", "\\mathrm{ln}\\,A"),
                        Variable.latent("t0", "t_0"),
                        Variable.latent("log_rise_time", "\\mathrm{ln}\\,\\tau_r"),
                        Variable.latent("log_fall_time", "\\mathrm{ln}\\,\\tau_f")),
                Variable.deterministic("curve", "$f(t)$")
                        .distributed("A\\,e^{-(t-t_0)/\\tau_f}/(1+e^{-(t-t_0)/\\tau_r})")));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return LightCurveTasks.dataFiles(options);
    }

    /** @throws DataFileException when a file is missing or malformed */
    @Override
    public Optional<TaskList> tasks(ModelOptions options) throws IOException {
        int resamples = resamples(options);
        List<Output> labels = new ArrayList<>(LightCurveTasks.labels());
        if (resamples > 0) {
            labels.add(new Output("resample", Output.Type.LONG, 1, "", "number of the bootstrap resample, from 1"));
        }
        TaskList tasks = new TaskList(labels);
        for (Fitted fitted : read(options)) {
            String name = fitted.supernova().name();
            double cost = 1 + fitted.points().size(); // of each iteration of each start
            if (resamples == 0) {
                tasks.addWithCost(cost, name, fitted.band());
            }
            for (long resample = 1; resample <= resamples; resample++) {
                tasks.addWithCost(cost, name, fitted.band(), resample);
            }
        }
        return Optional.of(tasks);
    }

    /** @throws DataFileException when a file is missing or malformed */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        List<Fitted> all = read(options);
        int resamples = resamples(options);
        int tasksOfEach = Math.max(1, resamples);
        return (point, row, context) -> {
            Fitted fitted = all.get((int) (context.index() / tasksOfEach));
            FitPoints points =
                    resamples == 0 ? fitted.points() : fitted.points().resampled(context.random());
            evaluate(points, fitted.supernova(), row);
        };
    }

    private static List<Fitted> read(ModelOptions options) throws IOException {
        return LightCurveTasks.read(options).stream()
                .map(one -> new Fitted(one.supernova(), one.band(), FitPoints.of(one.supernova(), one.lightCurve())))
                .toList();
    }

    private static void evaluate(FitPoints points, ObservedSupernova supernova, OutputRow row) throws SkippedException {
        BazinFit fit = BazinFit.of(points);
        PeakEstimate peak = PeakEstimate.of(fit);
        int column = 0;
        row.setLong(column++, points.size());
        row.set(column++, fit.chi2());
        for (double parameter : fit.q()) {
            row.set(column++, parameter);
        }
        row.setVector(
                column++,
                Stream.of(fit.covariance()).flatMapToDouble(Arrays::stream).toArray());
        LightCurveTasks.set(row, column, peak, supernova);
    }

    private static int resamples(ModelOptions options) {
        long resamples = options.integer(RESAMPLES);
        if (resamples < 0 || resamples > MOST_RESAMPLES) {
            throw new OptionException(
                    RESAMPLES, RESAMPLES + " is " + resamples + ", it must be from 0 to " + MOST_RESAMPLES);
        }
        return (int) resamples;
    }
}
