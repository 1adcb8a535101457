package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * The model {@code supernova-latent}: as {@link SupernovaHierarchical}, but the latent magnitude M_i, decline rate x_i
 * and colour c_i of each chosen supernova are parameters, too ({@link LatentDensity}). The marginal posterior of the
 * others must be the same.
 *
 * <p>The option {@code supernovae} must name the supernovae; i counts them from 1. A universe that has no distances to
 * the supernovae, and a width of 0, have log-likelihood -infinity; a parameter that is not finite gives NaN.
 */
public final class SupernovaLatent extends CosmologyModel {
    private static final int MOST_SUPERNOVAE = 1000;

    @Override
    public String name() {
        return "supernova-latent";
    }

    @Override
    public String description() {
        return "as supernova-hierarchical, with the latent variables of each supernova as parameters";
    }

    @Override
    public List<ModelOption> options() {
        return SampleOptions.all();
    }

    @Override
    List<Parameter> populationParameters(ModelOptions options) {
        List<String> supernovae = SampleOptions.chosen(options);
        if (supernovae.isEmpty() || supernovae.size() > MOST_SUPERNOVAE) {
            throw new OptionException(
                    "supernovae",
                    "supernovae has " + supernovae.size() + " names, it must have from 1 to " + MOST_SUPERNOVAE
                            + ": each brings three parameters");
        }
        List<Parameter> parameters = new ArrayList<>(Population.parameters(SampleOptions.kind(options)));
        for (int i = 1; i <= supernovae.size(); i++) {
            String name = supernovae.get(i - 1);
            parameters.add(new Parameter("M_" + i, "mag", -25, -15, "absolute magnitude of " + name + " at x = c = 0"));
            parameters.add(new Parameter("x_" + i, "", -10, 10, "true decline rate or stretch of " + name));
            parameters.add(new Parameter("c_" + i, "mag", -2, 2, "true colour of " + name));
        }
        return parameters;
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(Output.number(
                Output.LOG_LIKELIHOOD, "", "ln of the joint density of the data and the latent variables"));
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
        int firstLatent = first + Population.parameters(kind).size();
        LatentDensity density = new LatentDensity(sample);
        return new Data(
                sample,
                (moduli, point, row) ->
                        row.set(0, density.logDensity(moduli, Population.at(point, first, kind), point, firstLatent)));
    }
}
