package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;

/**
 * What the models of this package have in common: a point begins with the parameters of a universe
 * ({@link UniverseOptions}), and a likelihood compares the distances in it with a sample of supernovae.
 *
 * <p>The first output is the log-likelihood. A universe that has no distances to the supernovae has log-likelihood
 * -infinity, and infinity in all other outputs; a parameter that is not finite gives NaN in all of them.
 */
abstract class CosmologyModel implements Model {

    /** Evaluates points of finite numbers whose universe has distances to the supernovae. Thread-safe. */
    @FunctionalInterface
    interface Likelihood {

        /**
         * Sets all outputs.
         *
         * @param moduli distance moduli of the supernovae, in mag; not to be changed
         */
        void evaluate(double[] moduli, double[] point, OutputRow row);
    }

    /** The supernovae and what is computed of their distances. */
    record Data(Sample sample, Likelihood likelihood) {}

    /** The parameters behind those of the universe. */
    abstract List<Parameter> populationParameters(ModelOptions options);

    /**
     * Reads the data.
     *
     * @param first position of the first of {@link #populationParameters} in a point
     * @throws IOException when a data file is missing or malformed
     */
    abstract Data read(ModelOptions options, int first) throws IOException;

    @Override
    public final List<Parameter> parameters(ModelOptions options) {
        List<Parameter> others = populationParameters(options);
        List<Parameter> parameters = new ArrayList<>(UniverseOptions.parameters(options));
        parameters.addAll(others);
        return parameters;
    }

    /** @throws IOException when a data file is missing or malformed */
    @Override
    public final Evaluator prepare(ModelOptions options) throws IOException {
        Data data = read(options, UniverseOptions.parameters(options).size());
        Sample sample = data.sample();
        Distances distances = UniverseOptions.distances(options, sample.cosmological(), sample.heliocentric());
        int outputs = outputs(options).size();
        return (point, row, context) -> {
            if (!DoubleStream.of(point).allMatch(Double::isFinite)) {
                set(row, outputs, Double.NaN, Double.NaN);
                return;
            }
            Optional<double[]> moduli = distances.moduli(point);
            if (moduli.isPresent()) {
                data.likelihood().evaluate(moduli.get(), point, row);
            } else {
                set(row, outputs, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
            }
        };
    }

    private static void set(OutputRow row, int outputs, double logLikelihood, double others) {
        row.set(0, logLikelihood);
        for (int i = 1; i < outputs; i++) {
            row.set(i, others);
        }
    }
}
