package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * The model {@code supernova-snls3}: the linear relation between magnitude, stretch and colour of the 472 supernovae of
 * the SNLS three-year compilation, with their full statistical and systematic covariance ({@link Snls3Likelihood}). A
 * heavy model: each point factorises a 472 x 472 matrix.
 *
 * <p>{@code log_likelihood = -chi2 / 2}, as in Conley et al. 2011. A universe that has no distances to the supernovae,
 * and a covariance that is not positive definite, have log-likelihood -infinity; a parameter that is not finite gives
 * NaN.
 */
public final class SupernovaSnls3 implements Model {
    private static final String DATA = "data";

    @Override
    public String name() {
        return "supernova-snls3";
    }

    @Override
    public String description() {
        return "chi^2 of the SNLS three-year supernovae with full covariance matrices";
    }

    @Override
    public List<ModelOption> options() {
        List<ModelOption> options = new ArrayList<>();
        options.add(new ModelOption(
                DATA, ModelOption.Type.PATH, "../data", List.of(), "the folder that holds the data sets' folders"));
        options.addAll(UniverseOptions.all());
        return options;
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        List<Parameter> parameters = new ArrayList<>(UniverseOptions.parameters(options));
        parameters.addAll(Population.relationParameters(SampleKind.JLA));
        return parameters;
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(Output.logLikelihood(), Output.number("chi2", "", "r' C^-1 r, -2 log_likelihood"));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return Snls3Data.files(options.path(DATA));
    }

    /** @throws DataFileException when a data file is missing or malformed */
    @Override
    public Evaluator prepare(ModelOptions options) throws IOException {
        Snls3Data data = Snls3Data.read(options.path(DATA));
        int k = UniverseOptions.parameters(options).size();
        Distances distances = UniverseOptions.distances(
                options, data.sample().cosmological(), data.sample().heliocentric());
        Snls3Likelihood likelihood = new Snls3Likelihood(data);
        return (point, row, context) -> {
            double chi2 = DoubleStream.of(point).allMatch(Double::isFinite)
                    ? distances
                            .moduli(point)
                            .flatMap(moduli ->
                                    likelihood.chi2(moduli, point[k], point[k + 1], point[k + 2], point[k + 3]))
                            .orElse(Double.POSITIVE_INFINITY)
                    : Double.NaN;
            row.set(0, -chi2 / 2);
            row.set(1, chi2);
        };
    }
}
