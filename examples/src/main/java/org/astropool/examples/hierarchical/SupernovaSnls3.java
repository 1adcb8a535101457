package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.astropool.task.ModelGraph;
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
public final class SupernovaSnls3 extends CosmologyModel {
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
    List<Parameter> populationParameters(ModelOptions options) {
        return Population.relationParameters(SampleKind.JLA);
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(Output.logLikelihood(), Output.number("chi2", "", "r' C^-1 r, -2 log_likelihood"));
    }

    @Override
    public Optional<ModelGraph> graph(ModelOptions options) {
        return Optional.of(PopulationGraph.correlated(options));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return Snls3Data.files(options.path(DATA));
    }

    @Override
    Data read(ModelOptions options, int first) throws IOException {
        Snls3Data data = Snls3Data.read(options.path(DATA));
        Snls3Likelihood likelihood = new Snls3Likelihood(data);
        return new Data(data.sample(), (moduli, point, row) -> {
            double chi2 = likelihood
                    .chi2(moduli, point[first], point[first + 1], point[first + 2], point[first + 3])
                    .orElse(Double.POSITIVE_INFINITY);
            row.set(0, -chi2 / 2);
            row.set(1, chi2);
        });
    }
}
