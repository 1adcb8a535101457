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
    private static final String DATA = "data";
    private static final String SURVEY = "survey";
    private static final String BANDS = "bands";
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
        return "fits of a four-parameter function to light curves of supernovae, one a supernova and band";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption(
                        DATA,
                        ModelOption.Type.PATH,
                        "../data",
                        List.of(),
                        "the folder that holds the data sets' folders"),
                new ModelOption(
                        SURVEY,
                        ModelOption.Type.STRING,
                        null,
                        List.of(),
                        "csp3, foundation, or a folder of SNANA text files, relative to data"),
                new ModelOption(
                        BANDS,
                        ModelOption.Type.STRING,
                        null,
                        List.of(),
                        "codes of the bands to fit as the files have them, between commas or blanks"),
                new ModelOption(
                        RESAMPLES,
                        ModelOption.Type.INTEGER,
                        0L,
                        List.of(),
                        "fit so many bootstrap resamples of each light curve instead of itself, from 0 to "
                                + MOST_RESAMPLES));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        bands(options);
        resamples(options);
        return List.of();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
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
                        "of (log_amplitude, t0, log_rise_time, log_fall_time), row by row"),
                Output.number("t_peak", "d", "time of maximum, rest frame, since the survey's date of maximum"),
                Output.number("t_peak_error", "d", "standard deviation of t_peak"),
                Output.number("mag_peak", "mag", "magnitude at maximum"),
                Output.number("mag_peak_error", "mag", "standard deviation of mag_peak"),
                Output.number("dm15", "mag", "decline in the 15 days after maximum"),
                Output.number("dm15_error", "mag", "standard deviation of dm15"),
                Output.number("cov_mag_dm15", "mag**2", "covariance of mag_peak and dm15"),
                Output.number("z_hel", "", "heliocentric redshift"),
                Output.number("z_cmb", "", "redshift in the frame of the microwave background"),
                Output.number("v_pec", "km/s", "peculiar velocity along the line of sight"),
                Output.number(
                        "mw_ebv", "mag", "reddening by the Milky Way, E(B-V); magnitudes are not corrected for it"));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return LightCurveSurvey.files(folder(options));
    }

    /** @throws DataFileException when a file is missing or malformed */
    @Override
    public Optional<TaskList> tasks(ModelOptions options) throws IOException {
        int resamples = resamples(options);
        List<Output> labels = new ArrayList<>();
        labels.add(new Output("supernova", Output.Type.STRING, 1, "", "name of the supernova"));
        labels.add(new Output("band", Output.Type.STRING, 1, "", "code of the band"));
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
        List<String> bands = bands(options);
        List<Fitted> all = new ArrayList<>();
        for (ObservedSupernova supernova : LightCurveSurvey.read(folder(options))) {
            for (String band : bands) {
                LightCurve lightCurve = supernova.lightCurves().get(band);
                if (lightCurve != null) {
                    all.add(new Fitted(supernova, band, FitPoints.of(supernova, lightCurve)));
                }
            }
        }
        if (all.isEmpty()) {
            throw new DataFileException(
                    folder(options),
                    "no supernova was observed in one of the bands " + bands + "; see the option bands");
        }
        return all;
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
        row.set(column++, peak.time());
        row.set(column++, Math.sqrt(peak.covariance()[0][0]));
        row.set(column++, peak.magnitude());
        row.set(column++, Math.sqrt(peak.covariance()[1][1]));
        row.set(column++, peak.dm15());
        row.set(column++, Math.sqrt(peak.covariance()[2][2]));
        row.set(column++, peak.covariance()[1][2]);
        row.set(column++, supernova.heliocentricRedshift());
        row.set(column++, supernova.cmbRedshift());
        row.set(column++, supernova.peculiarVelocity());
        row.set(column, supernova.reddening());
    }

    private static Path folder(ModelOptions options) {
        return LightCurveSurvey.folder(options.path(DATA), options.string(SURVEY));
    }

    private static List<String> bands(ModelOptions options) {
        List<String> bands = Stream.of(options.string(BANDS).split("[,\\s]+"))
                .filter(band -> !band.isEmpty())
                .distinct()
                .toList();
        if (bands.isEmpty()) {
            throw new OptionException(BANDS, BANDS + " is empty, it must name a band, for instance \"B, g\"");
        }
        return bands;
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
