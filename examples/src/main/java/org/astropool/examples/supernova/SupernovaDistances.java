package org.astropool.examples.supernova;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.astropool.examples.supernova.HubbleDiagramLikelihood.Fit;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelGraph.Variable;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
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
    private static final String COSMOLOGY = "cosmology";

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
        List<ModelOption> options = new ArrayList<>(DiagramOptions.all(DataSet.labels(), 0.0));
        options.add(new ModelOption(
                COSMOLOGY,
                ModelOption.Type.STRING,
                "flat-lcdm",
                Cosmology.labels(),
                "which universes, and with which parameters"));
        return options;
    }

    /** The values of the option {@code dataset}. */
    static List<String> dataSets() {
        return DiagramOptions.withSimulated(DataSet.labels());
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        DiagramOptions.check(options);
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
    public Optional<ModelGraph> graph(ModelOptions options) {
        List<Variable> variables =
                new ArrayList<>(UniverseGraph.variables(cosmology(options).parameters()));
        variables.add(Variable.latent("offset", "M"));
        variables.add(Variable.fixed("covariance", "C"));
        variables.add(Variable.observed("m", "m_i")
                .in(UniverseGraph.SUPERNOVAE.name())
                .from(UniverseGraph.MODULUS, "offset", "covariance")
                .distributed("N(\\mu+M,\\,C),\\,\\mathrm{all supernovae together; M is marginalised}"));
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
        HubbleDiagramLikelihood likelihood = new HubbleDiagramLikelihood(DiagramOptions.read(options, cosmology));
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

    private static Cosmology cosmology(ModelOptions options) {
        return Cosmology.of(options.string(COSMOLOGY));
    }
}
