package org.astropool.examples.lightcurve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.astropool.examples.lightcurve.BazinSearch.End;
import org.astropool.examples.lightcurve.ProcessFit.Choice;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.DistanceModuli;
import org.astropool.examples.supernova.Expansion;
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
 * The model {@code light-curve-features}: numbers that describe the light curves of a supernova in the bands g, r and
 * i, by a {@link GaussianProcess} and by the best {@link BazinFunction} of each band. It lists its own tasks, the
 * supernovae of one or several surveys.
 *
 * <p>The maximum need not be covered, as it must be for {@link BazinLightCurve} and {@link GpLightCurve}: brightness is
 * read from the process at the survey's date of maximum and 15 days later, and the best function may be on the bounds
 * of its range. Magnitudes are corrected for the Milky Way and not for the redshift.
 */
public final class LightCurveFeatures implements Model {
    private static final String SURVEYS = "surveys";

    /** The codes that the bands have in the files of the surveys. */
    private static final List<String> BANDS = List.of("g", "r", "i");

    /** A / E(B-V), with R_V = 3.1 (Schlafly &amp; Finkbeiner 2011, ApJ 737, 103, table 6, SDSS). */
    private static final double[] EXTINCTION = {3.303, 2.285, 1.698};

    private static final double ZERO_POINT = 27.5;
    private static final double LATER = 15; // days, as for dm15
    private static final int FEWEST = 5;
    private static final double LATEST_FIRST = 5;

    /** Of chi2 / n in logarithms: what is better than that is as good. */
    private static final double GOOD_FIT = 1e-3;

    private static final Expansion UNIVERSE = new Expansion(0.3, 0.7, -1);

    /** A supernova of a survey. */
    private record Observed(String survey, ObservedSupernova supernova) {}

    /** What the light curve in a band is like. Magnitudes at the date of maximum and 15 days later. */
    private record Band(double early, double late, double logScale, End bazin, double meanChi2) {}

    @Override
    public String name() {
        return "light-curve-features";
    }

    @Override
    public String description() {
        return "features of light curves of supernovae in g, r and i, by a Gaussian process and by a function";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                LightCurveTasks.dataOption(),
                new ModelOption(
                        SURVEYS,
                        ModelOption.Type.STRING,
                        "csp3, foundation",
                        List.of(),
                        "csp3, foundation, or folders of SNANA text files, relative to data, between commas or blanks"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        if (surveys(options).isEmpty()) {
            throw new OptionException(SURVEYS, SURVEYS + " is empty, it must name a survey, for instance \"csp3\"");
        }
        return List.of();
    }

    /** The names of the features, in the order of the outputs. */
    public static List<String> names() {
        return features().stream().map(Output::name).toList();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return features();
    }

    private static List<Output> features() {
        List<Output> outputs = new ArrayList<>();
        for (String band : BANDS) {
            outputs.add(Output.number("decline_" + band, "mag", "decline in the 15 days after the date of maximum"));
            outputs.add(Output.number("ln_l_" + band, "", "ln l of the Gaussian process, l in days"));
            outputs.add(Output.number("log_rise_time_" + band, "", "ln tr of the function of Bazin, tr in days"));
            outputs.add(Output.number("log_fall_time_" + band, "", "ln tf of the function of Bazin, tf in days"));
            outputs.add(Output.number("log_chi2_" + band, "", "ln (chi2 / n + 0.001) of the function of Bazin"));
        }
        outputs.add(Output.number("colour_gr", "mag", "g - r at the date of maximum"));
        outputs.add(Output.number("colour_ri", "mag", "r - i at the date of maximum"));
        outputs.add(Output.number("colour_gr_15", "mag", "g - r 15 days later"));
        outputs.add(Output.number("colour_ri_15", "mag", "r - i 15 days later"));
        outputs.add(Output.number(
                "M_r", "mag", "absolute magnitude in r at the date of maximum, for omega_m = 0.3, H0 = 70 km/s/Mpc"));
        return outputs;
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return surveys(options).stream()
                .flatMap(survey -> LightCurveSurvey.files(folder(options, survey)).stream())
                .toList();
    }

    /** @throws DataFileException when a file is missing or malformed */
    @Override
    public Optional<TaskList> tasks(ModelOptions options) throws IOException {
        TaskList tasks = new TaskList(List.of(
                new Output("supernova", Output.Type.STRING, 1, "", "name of the supernova"),
                new Output("survey", Output.Type.STRING, 1, "", "its survey")));
        for (Observed observed : read(options)) {
            double cost = 1;
            for (LightCurve lightCurve : observed.supernova().lightCurves().values()) {
                cost += Math.pow(lightCurve.size(), 3);
            }
            tasks.addWithCost(cost, observed.supernova().name(), observed.survey());
        }
        return Optional.of(tasks);
    }

    /** @throws DataFileException when a file is missing or malformed */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        List<Observed> all = read(options);
        return (point, row, context) -> evaluate(all.get((int) context.index()).supernova(), row);
    }

    private static void evaluate(ObservedSupernova supernova, OutputRow row) throws SkippedException {
        Band[] bands = new Band[BANDS.size()];
        for (int b = 0; b < bands.length; b++) {
            bands[b] = band(supernova, b);
        }
        if (!(supernova.cmbRedshift() > 0)) {
            throw new SkippedException("the redshift is " + supernova.cmbRedshift() + ", needed above 0");
        }
        double modulus = new DistanceModuli(
                        new double[] {supernova.cmbRedshift()}, new double[] {supernova.heliocentricRedshift()})
                .in(UNIVERSE)
                .orElseThrow()[0];
        int column = 0;
        for (Band band : bands) {
            row.set(column++, band.late() - band.early());
            row.set(column++, band.logScale());
            row.set(column++, band.bazin().q()[2]);
            row.set(column++, band.bazin().q()[3]);
            row.set(column++, StrictMath.log(band.meanChi2() + GOOD_FIT));
        }
        row.set(column++, bands[0].early() - bands[1].early());
        row.set(column++, bands[1].early() - bands[2].early());
        row.set(column++, bands[0].late() - bands[1].late());
        row.set(column++, bands[1].late() - bands[2].late());
        row.set(column, bands[1].early() - modulus);
    }

    private static Band band(ObservedSupernova supernova, int position) throws SkippedException {
        String name = BANDS.get(position);
        LightCurve lightCurve = supernova.lightCurves().get(name);
        if (lightCurve == null) {
            throw new SkippedException("not observed in " + name);
        }
        FitPoints points = FitPoints.toDay60(supernova, lightCurve);
        FitPoints early = FitPoints.of(supernova, lightCurve);
        if (early.size() < FEWEST) {
            throw new SkippedException(early.size() + " points in " + name
                    + " from day -20 to 25 with flux and error above 0, " + FEWEST + " are needed");
        }
        double first = Arrays.stream(points.times()).min().orElseThrow();
        double last = Arrays.stream(points.times()).max().orElseThrow();
        if (!(first <= LATEST_FIRST && last >= LATER)) {
            throw new SkippedException("observed in " + name + " from day " + Math.round(first) + " to "
                    + Math.round(last) + ", needed from day " + (int) LATEST_FIRST + " or earlier to day " + (int) LATER
                    + " or later");
        }
        Choice choice = ProcessFit.maximum(points);
        GaussianProcess process = new GaussianProcess(points, choice.logAmplitude(), choice.logScale());
        End bazin = new BazinSearch(early, BazinFit.BOX)
                .best()
                .orElseThrow(() -> new SkippedException("not fitted: none of the starts leads to a minimum"));
        double extinction = EXTINCTION[position] * supernova.reddening();
        return new Band(
                magnitude(process, 0, name) - extinction,
                magnitude(process, LATER, name) - extinction,
                choice.logScale(),
                bazin,
                bazin.cost() * bazin.cost() / early.size());
    }

    private static double magnitude(GaussianProcess process, double day, String band) throws SkippedException {
        double flux = process.mean(day);
        if (!(flux > 0)) {
            throw new SkippedException("not fitted: the flux in " + band + " at day " + (int) day + " is not above 0");
        }
        return ZERO_POINT - 2.5 * StrictMath.log10(flux);
    }

    private static List<String> surveys(ModelOptions options) {
        return Stream.of(options.string(SURVEYS).split("[,\\s]+"))
                .filter(survey -> !survey.isEmpty())
                .distinct()
                .toList();
    }

    private static Path folder(ModelOptions options, String survey) {
        return LightCurveSurvey.folder(LightCurveTasks.data(options), survey);
    }

    private static List<Observed> read(ModelOptions options) throws IOException {
        List<Observed> all = new ArrayList<>();
        for (String survey : surveys(options)) {
            for (ObservedSupernova supernova : LightCurveSurvey.read(folder(options, survey))) {
                all.add(new Observed(survey, supernova));
            }
        }
        return all;
    }
}
