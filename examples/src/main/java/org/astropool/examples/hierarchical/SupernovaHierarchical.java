package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.astropool.examples.hierarchical.PopulationLikelihood.Fit;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * The model {@code supernova-hierarchical}: how well a population of type Ia supernovae and a universe fit peak
 * magnitudes, decline rates (or stretches) and colours. The true magnitude, decline rate and colour of each supernova
 * are integrated analytically ({@link PopulationLikelihood}).
 *
 * <p>A universe that has no distances to the supernovae has log-likelihood -infinity; a parameter that is not finite
 * gives NaN.
 */
public final class SupernovaHierarchical extends CosmologyModel {

    @Override
    public String name() {
        return "supernova-hierarchical";
    }

    @Override
    public String description() {
        return "likelihood of a population of type Ia supernovae and a cosmology; the latent variables are integrated";
    }

    @Override
    public List<ModelOption> options() {
        return SampleOptions.all();
    }

    @Override
    List<Parameter> populationParameters(ModelOptions options) {
        return Population.parameters(SampleOptions.kind(options));
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.logLikelihood(),
                Output.number("chi2", "", "of the deviations of (mB, x, c) from the population's means"),
                Output.number("hubble_scatter", "mag", "standard deviation about the Hubble line after correction"));
    }

    @Override
    public Optional<ModelGraph> graph(ModelOptions options) {
        return Optional.of(PopulationGraph.latent(options));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return SampleOptions.files(options);
    }

    @Override
    Data read(ModelOptions options, int first) throws IOException {
        Sample sample = SampleOptions.read(options);
        SampleKind kind = SampleOptions.kind(options);
        PopulationLikelihood likelihood = new PopulationLikelihood(sample);
        return new Data(sample, (moduli, point, row) -> {
            Fit fit = likelihood.fit(moduli, Population.at(point, first, kind));
            row.set(0, fit.logLikelihood());
            row.set(1, fit.chi2());
            row.set(2, fit.scatter());
        });
    }
}
