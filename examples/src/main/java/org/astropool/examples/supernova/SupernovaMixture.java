package org.astropool.examples.supernova;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.astropool.examples.supernova.MixtureLikelihood.Population;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;

/**
 * The model {@code supernova-mixture}: a flat universe with a cosmological constant and a Hubble diagram of supernovae
 * with independent errors, some of which belong to a second population: other types of supernovae, or wrong hosts. See
 * {@link MixtureLikelihood}. The fraction of the second population is a parameter, or comes from the survey's
 * classification of each supernova.
 *
 * <p>A universe that has no distances to the supernovae has log-likelihood -infinity; a parameter that is not finite
 * gives NaN.
 */
public final class SupernovaMixture implements Model {
    private static final String DATA_SET = "dataset";
    private static final String DATA = "data";
    private static final String FRACTION = "fraction";
    private static final String FITTED = "fitted";
    private static final String FROM_DATA = "data";
    private static final String PROBABILITIES = "probabilities";
    private static final String SIMULATION_SEED = "simulation_seed";
    private static final String SIMULATION_COUNT = "simulation_count";
    private static final String SIMULATION_OUTLIERS = "simulation_outliers";

    private static final String SIMULATED = "simulated";
    private static final int MIN_COUNT = 2;
    private static final int MAX_COUNT = 1_000_000;

    private static final int LOG_LIKELIHOOD = 0;
    private static final int OUTLIERS = 1;
    private static final int PROBABILITY = 2;

    @Override
    public String name() {
        return "supernova-mixture";
    }

    @Override
    public String description() {
        return "likelihood of a flat universe, given supernovae of which some belong to a second population";
    }

    @Override
    public List<ModelOption> options() {
        List<String> dataSets = new ArrayList<>(DataSet.diagonalLabels());
        dataSets.add(SIMULATED);
        return List.of(
                new ModelOption(DATA_SET, ModelOption.Type.STRING, null, dataSets, "which supernovae"),
                new ModelOption(
                        DATA,
                        ModelOption.Type.PATH,
                        "../data",
                        List.of(),
                        "the folder that holds the data sets' folders"),
                new ModelOption(
                        FRACTION,
                        ModelOption.Type.STRING,
                        FITTED,
                        List.of(FITTED, FROM_DATA),
                        "the fraction of the second population: a parameter, or from the probabilities of the data set"),
                new ModelOption(
                        PROBABILITIES,
                        ModelOption.Type.BOOLEAN,
                        true,
                        List.of(),
                        "whether each supernova's probability is an output; not for long chains"),
                new ModelOption(
                        SIMULATION_SEED, ModelOption.Type.INTEGER, 1L, List.of(), "seed of the simulated supernovae"),
                new ModelOption(
                        SIMULATION_COUNT,
                        ModelOption.Type.INTEGER,
                        1000L,
                        List.of(),
                        "how many supernovae to simulate, from " + MIN_COUNT + " to " + MAX_COUNT),
                new ModelOption(
                        SIMULATION_OUTLIERS,
                        ModelOption.Type.NUMBER,
                        0.1,
                        List.of(),
                        "the part of the simulated supernovae that is of the second population, from 0 to 1"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        checkSimulation(options);
        List<Parameter> parameters = new ArrayList<>(Cosmology.FLAT_LCDM.parameters());
        parameters.add(new Parameter("offset", "mag", -40, 40, "observed minus predicted, for H0 = 70 km/s/Mpc"));
        if (!isFromData(options)) {
            parameters.add(new Parameter("outlier_fraction", "", 0, 1, "part that is of the second population"));
        }
        parameters.add(new Parameter("outlier_mean", "mag", -20, 20, "how much fainter the second population is"));
        parameters.add(new Parameter("outlier_sigma", "mag", 0, 20, "its scatter in addition to the errors"));
        return parameters;
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        List<Output> outputs = new ArrayList<>();
        outputs.add(Output.logLikelihood());
        outputs.add(Output.number("outliers", "", "expected number of supernovae of the second population"));
        if (options.flag(PROBABILITIES)) {
            outputs.add(new Output(
                    "outlier_probability",
                    Output.Type.DOUBLE_VECTOR,
                    size(options),
                    "",
                    "of each supernova, in the order of the data, to be of the second population"));
        }
        return outputs;
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return isSimulated(options) ? List.of() : dataSet(options).files(options.path(DATA));
    }

    @Override
    public Map<String, Double> truth(ModelOptions options) {
        Map<String, Double> truth = new LinkedHashMap<>();
        if (isSimulated(options)) {
            truth.put("omega_m", Cosmology.FLAT_LCDM.simulated()[0]);
            truth.put("offset", 0.0);
            truth.put("outlier_fraction", options.number(SIMULATION_OUTLIERS));
            truth.put("outlier_mean", SimulatedDiagram.OUTLIER_MEAN);
            truth.put("outlier_sigma", SimulatedDiagram.OUTLIER_SIGMA);
        }
        return truth;
    }

    /** @throws DataFileException when a data file is missing or malformed */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        MixtureLikelihood likelihood = new MixtureLikelihood(diagram(options));
        double[] known = isFromData(options)
                ? dataSet(options)
                        .contaminantProbabilities(options.path(DATA))
                        .orElseThrow() // checked with the parameters
                : null;
        boolean givesProbabilities = options.flag(PROBABILITIES);
        return (point, row, context) -> {
            double[] fractions = known;
            int next = 2;
            if (fractions == null) {
                fractions = new double[likelihood.size()];
                Arrays.fill(fractions, point[next++]);
            }
            Population outliers = new Population(point[next], point[next + 1]);
            evaluate(likelihood, point, fractions, outliers, givesProbabilities, row);
        };
    }

    private static void evaluate(
            MixtureLikelihood likelihood,
            double[] point,
            double[] fractions,
            Population outliers,
            boolean givesProbabilities,
            OutputRow row) {
        double[] probabilities = new double[likelihood.size()];
        double logLikelihood = Double.NaN;
        if (DoubleStream.of(point).allMatch(Double::isFinite)) {
            logLikelihood = likelihood.logLikelihood(
                    Cosmology.FLAT_LCDM.expansion(point), point[1], fractions, outliers, probabilities);
        } else {
            Arrays.fill(probabilities, Double.NaN);
        }
        row.set(LOG_LIKELIHOOD, logLikelihood);
        row.set(OUTLIERS, Arrays.stream(probabilities).sum());
        if (givesProbabilities) {
            row.setVector(PROBABILITY, probabilities);
        }
    }

    private static HubbleDiagram diagram(ModelOptions options) throws IOException {
        if (!isSimulated(options)) {
            return dataSet(options).read(options.path(DATA));
        }
        return SimulatedDiagram.contaminated(
                Cosmology.FLAT_LCDM.expansion(Cosmology.FLAT_LCDM.simulated()),
                options.integer(SIMULATION_SEED),
                (int) options.integer(SIMULATION_COUNT),
                options.number(SIMULATION_OUTLIERS));
    }

    private static int size(ModelOptions options) {
        try {
            return isSimulated(options)
                    ? (int) options.integer(SIMULATION_COUNT)
                    : diagram(options).brightness().length;
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isSimulated(ModelOptions options) {
        return options.string(DATA_SET).equals(SIMULATED);
    }

    private static DataSet dataSet(ModelOptions options) {
        return DataSet.of(options.string(DATA_SET));
    }

    private static boolean isFromData(ModelOptions options) {
        boolean fromData = options.string(FRACTION).equals(FROM_DATA);
        if (fromData && (isSimulated(options) || dataSet(options) != DataSet.DES_SN5YR_DOVEKIE)) {
            throw new OptionException(
                    FRACTION,
                    FRACTION + " = \"" + FROM_DATA + "\" needs a data set with classifications, "
                            + DataSet.DES_SN5YR_DOVEKIE.label() + ", and " + DATA_SET + " is "
                            + options.string(DATA_SET));
        }
        return fromData;
    }

    private static void checkSimulation(ModelOptions options) {
        long count = options.integer(SIMULATION_COUNT);
        if (count < MIN_COUNT || count > MAX_COUNT) {
            throw new OptionException(
                    SIMULATION_COUNT,
                    SIMULATION_COUNT + " is " + count + ", it must be from " + MIN_COUNT + " to " + MAX_COUNT);
        }
        double outliers = options.number(SIMULATION_OUTLIERS);
        if (!(outliers >= 0 && outliers <= 1)) {
            throw new OptionException(
                    SIMULATION_OUTLIERS, SIMULATION_OUTLIERS + " is " + outliers + ", it must be from 0 to 1");
        }
    }
}
