package org.astropool.examples.lightcurve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;

/** What the models of light curves have in common: their options, their tasks and some of their outputs. Stateless. */
final class LightCurveTasks {
    private static final String DATA = "data";
    private static final String SURVEY = "survey";
    private static final String BANDS = "bands";

    /** A supernova in one band. */
    record Observed(ObservedSupernova supernova, String band, LightCurve lightCurve) {}

    private LightCurveTasks() {}

    static List<ModelOption> options() {
        return List.of(
                dataOption(),
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
                        "codes of the bands to fit as the files have them, between commas or blanks"));
    }

    static ModelOption dataOption() {
        return new ModelOption(
                DATA, ModelOption.Type.PATH, "../data", List.of(), "the folder that holds the data sets' folders");
    }

    /** The folder that holds the data sets' folders. */
    static Path data(ModelOptions options) {
        return options.path(DATA);
    }

    /** The columns that name a task. */
    static List<Output> labels() {
        return List.of(
                new Output("supernova", Output.Type.STRING, 1, "", "name of the supernova"),
                new Output("band", Output.Type.STRING, 1, "", "code of the band"));
    }

    /** The maximum, and what the file says of the supernova: the outputs that {@link #set} fills. */
    static List<Output> outputs() {
        return List.of(
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

    /** @param first the position of the first of {@link #outputs} */
    static void set(OutputRow row, int first, PeakEstimate peak, ObservedSupernova supernova) {
        int column = first;
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

    /** The light curves of the survey in the bands, in the order of the tasks. */
    static List<Observed> read(ModelOptions options) throws IOException {
        List<String> bands = bands(options);
        List<Observed> all = new ArrayList<>();
        for (ObservedSupernova supernova : LightCurveSurvey.read(folder(options))) {
            for (String band : bands) {
                LightCurve lightCurve = supernova.lightCurves().get(band);
                if (lightCurve != null) {
                    all.add(new Observed(supernova, band, lightCurve));
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

    static List<Path> dataFiles(ModelOptions options) {
        return LightCurveSurvey.files(folder(options));
    }

    private static Path folder(ModelOptions options) {
        return LightCurveSurvey.folder(data(options), options.string(SURVEY));
    }

    /** @throws OptionException when none is named */
    static List<String> bands(ModelOptions options) {
        List<String> bands = Stream.of(options.string(BANDS).split("[,\\s]+"))
                .filter(band -> !band.isEmpty())
                .distinct()
                .toList();
        if (bands.isEmpty()) {
            throw new OptionException(BANDS, BANDS + " is empty, it must name a band, for instance \"B, g\"");
        }
        return bands;
    }
}
