package org.astropool.examples.supernova;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.astropool.examples.supernova.MixtureLikelihood.Population;
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
    private static final String FRACTION = "fraction";
    private static final String FITTED = "fitted";
    private static final String FROM_DATA = "data";
    private static final String PROBABILITIES = "probabilities";
    private static final double SIMULATED_FRACTION = 0.1;

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
        List<ModelOption> options = new ArrayList<>(DiagramOptions.all(DataSet.diagonalLabels(), SIMULATED_FRACTION));
        options.add(new ModelOption(
                FRACTION,
                ModelOption.Type.STRING,
                FITTED,
                List.of(FITTED, FROM_DATA),
                "the fraction of the second population: a parameter, or from the probabilities of the data set"));
        options.add(new ModelOption(
                PROBABILITIES,
                ModelOption.Type.BOOLEAN,
                true,
                List.of(),
                "whether each supernova's probability is an output; not for long chains"));
        return options;
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        DiagramOptions.check(options);
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
    public Optional<ModelGraph> graph(ModelOptions options) {
        String supernova = UniverseGraph.SUPERNOVAE.name();
        List<Variable> variables = new ArrayList<>(UniverseGraph.variables(Cosmology.FLAT_LCDM.parameters()));
        variables.add(Variable.latent("offset", "M"));
        boolean fromData = isFromData(options);
        variables.add(
                fromData
                        ? Variable.fixed("outlier_fraction", "q_i").in(supernova)
                        : Variable.latent("outlier_fraction", "f"));
        variables.add(Variable.latent("outlier_mean", "b"));
        variables.add(Variable.latent("outlier_sigma", "\\sigma_{out}"));
        variables.add(Variable.latent("population", "t_i")
                .in(supernova)
                .from("outlier_fraction")
                .distributed("\\mathrm{Bernoulli}(" + (fromData ? "q_i" : "f") + ")"));
        variables.add(Variable.fixed("error", "s_i").in(supernova));
        variables.add(Variable.observed("m", "m_i")
                .in(supernova)
                .from(UniverseGraph.MODULUS, "offset", "population", "outlier_mean", "outlier_sigma", "error")
                .distributed("N(\\mu_i+M+t_i b,\\,s_i^2+t_i\\sigma_{out}^2)"));
        return Optional.of(new ModelGraph(List.of(UniverseGraph.SUPERNOVAE), variables));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return DiagramOptions.files(options);
    }

    @Override
    public Map<String, Double> truth(ModelOptions options) {
        Map<String, Double> truth = new LinkedHashMap<>();
        if (DiagramOptions.isSimulated(options)) {
            truth.put("omega_m", Cosmology.FLAT_LCDM.simulated()[0]);
            truth.put("offset", 0.0);
            truth.put("outlier_fraction", DiagramOptions.simulatedOutliers(options));
            truth.put("outlier_mean", SimulatedDiagram.OUTLIER_MEAN);
            truth.put("outlier_sigma", SimulatedDiagram.OUTLIER_SIGMA);
        }
        return truth;
    }

    /** @throws DataFileException when a data file is missing or malformed */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        MixtureLikelihood likelihood = new MixtureLikelihood(DiagramOptions.read(options, Cosmology.FLAT_LCDM));
        double[] known = isFromData(options)
                ? DiagramOptions.dataSet(options)
                        .contaminantProbabilities(DiagramOptions.data(options))
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

    private static int size(ModelOptions options) {
        try {
            return DiagramOptions.size(options);
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isFromData(ModelOptions options) {
        boolean fromData = options.string(FRACTION).equals(FROM_DATA);
        DataSet classified = DataSet.DES_SN5YR_DOVEKIE;
        if (fromData && (DiagramOptions.isSimulated(options) || DiagramOptions.dataSet(options) != classified)) {
            throw new OptionException(
                    FRACTION,
                    FRACTION + " = \"" + FROM_DATA + "\" needs a data set with classifications, "
                            + classified.label() + ", and " + DiagramOptions.DATA_SET + " is "
                            + options.string(DiagramOptions.DATA_SET));
        }
        return fromData;
    }
}
