package org.astropool.examples.supernova;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.astropool.examples.supernova.HubbleDiagramLikelihood.Fit;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;

/**
 * The model {@code supernova-distances}: how well a universe fits the distances of type Ia supernovae, published or
 * simulated. The absolute magnitude and the Hubble constant are one free offset, which is marginalised.
 *
 * <p>A universe that has no distances to the supernovae (no big bang, or a closed one with supernovae beyond the
 * antipode) has log-likelihood -infinity; a parameter that is not finite gives NaN.
 */
public final class SupernovaDistances implements Model {
    private static final String DATA_SET = "dataset";
    private static final String DATA = "data";
    private static final String COSMOLOGY = "cosmology";
    private static final String SIMULATION_SEED = "simulation_seed";
    private static final String SIMULATION_COUNT = "simulation_count";

    private static final String SIMULATED = "simulated";
    private static final int MIN_COUNT = 2;
    private static final int MAX_COUNT = 1_000_000;

    private static final int LOG_LIKELIHOOD = 0;
    private static final int CHI2 = 1;
    private static final int OFFSET = 2;

    @Override
    public String name() {
        return "supernova-distances";
    }

    @Override
    public String description() {
        return "likelihood of a cosmology, given a Hubble diagram of type Ia supernovae; the offset is marginalised";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption(DATA_SET, ModelOption.Type.STRING, null, dataSets(), "which supernovae"),
                new ModelOption(
                        DATA,
                        ModelOption.Type.PATH,
                        "../data",
                        List.of(),
                        "the folder that holds the data sets' folders"),
                new ModelOption(
                        COSMOLOGY,
                        ModelOption.Type.STRING,
                        "flat-lcdm",
                        Cosmology.labels(),
                        "which universes, and with which parameters"),
                new ModelOption(
                        SIMULATION_SEED, ModelOption.Type.INTEGER, 1L, List.of(), "seed of the simulated supernovae"),
                new ModelOption(
                        SIMULATION_COUNT,
                        ModelOption.Type.INTEGER,
                        1000L,
                        List.of(),
                        "how many supernovae to simulate, from " + MIN_COUNT + " to " + MAX_COUNT));
    }

    /** The values of the option {@code dataset}. */
    static List<String> dataSets() {
        List<String> dataSets = new ArrayList<>(DataSet.labels());
        dataSets.add(SIMULATED);
        return dataSets;
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        simulationCount(options);
        return cosmology(options).parameters();
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.logLikelihood(),
                Output.number("chi2", "", "chi^2 of the best offset, -2 log_likelihood"),
                Output.number("offset", "mag", "best mean of observed minus predicted, for H0 = 70 km/s/Mpc"));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return isSimulated(options) ? List.of() : dataSet(options).files(options.path(DATA));
    }

    @Override
    public Map<String, Double> truth(ModelOptions options) {
        Map<String, Double> truth = new LinkedHashMap<>();
        if (isSimulated(options)) {
            Cosmology cosmology = cosmology(options);
            double[] values = cosmology.simulated();
            for (int i = 0; i < values.length; i++) {
                truth.put(cosmology.parameters().get(i).name(), values[i]);
            }
        }
        return truth;
    }

    /** @throws DataFileException when a data file is missing or malformed */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        Cosmology cosmology = cosmology(options);
        HubbleDiagramLikelihood likelihood = new HubbleDiagramLikelihood(diagram(options));
        return (point, row, context) -> evaluate(cosmology, likelihood, point, row);
    }

    private static void evaluate(
            Cosmology cosmology, HubbleDiagramLikelihood likelihood, double[] point, OutputRow row) {
        boolean isFinite = DoubleStream.of(point).allMatch(Double::isFinite);
        Fit fit = isFinite ? likelihood.fit(cosmology.expansion(point)) : Fit.UNKNOWN;
        row.set(LOG_LIKELIHOOD, fit.logLikelihood());
        row.set(CHI2, fit.chi2());
        row.set(OFFSET, fit.offset());
    }

    private static HubbleDiagram diagram(ModelOptions options) throws IOException {
        if (!isSimulated(options)) {
            return dataSet(options).read(options.path(DATA));
        }
        Cosmology cosmology = cosmology(options);
        return SimulatedDiagram.draw(
                cosmology.expansion(cosmology.simulated()), options.integer(SIMULATION_SEED), simulationCount(options));
    }

    private static boolean isSimulated(ModelOptions options) {
        return options.string(DATA_SET).equals(SIMULATED);
    }

    private static DataSet dataSet(ModelOptions options) {
        return DataSet.of(options.string(DATA_SET));
    }

    private static Cosmology cosmology(ModelOptions options) {
        return Cosmology.of(options.string(COSMOLOGY));
    }

    private static int simulationCount(ModelOptions options) {
        long count = options.integer(SIMULATION_COUNT);
        if (count < MIN_COUNT || count > MAX_COUNT) {
            throw new OptionException(
                    SIMULATION_COUNT,
                    SIMULATION_COUNT + " is " + count + ", it must be from " + MIN_COUNT + " to " + MAX_COUNT);
        }
        return (int) count;
    }
}
