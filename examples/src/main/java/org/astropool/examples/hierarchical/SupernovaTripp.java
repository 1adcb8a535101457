package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.astropool.examples.hierarchical.TrippLikelihood.Fit;
import org.astropool.task.ModelGraph;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/**
 * The model {@code supernova-tripp}: the linear relation between peak magnitude, decline rate (or stretch) and colour,
 * fitted without a population ({@link TrippLikelihood}).
 *
 * <p>By default {@code log_likelihood = -chi2 / 2} with the intrinsic scatter that the authors of the sample assumed.
 * With the option {@code log_determinant} the scatter is a parameter and the normalisation of the errors is kept,
 * {@code log_likelihood = -(chi2 + sum ln 2 pi var) / 2}: for large alpha and beta, whose errors are large, this is
 * smaller, so it biases both low. It is here to show that; {@link SupernovaHierarchical} does without the bias.
 *
 * <p>A universe that has no distances to the supernovae has log-likelihood -infinity; a parameter that is not finite
 * gives NaN.
 */
public final class SupernovaTripp extends CosmologyModel {
    private static final String LOG_DETERMINANT = "log_determinant";

    @Override
    public String name() {
        return "supernova-tripp";
    }

    @Override
    public String description() {
        return "chi^2 of the linear relation between magnitude, stretch and colour of type Ia supernovae";
    }

    @Override
    public List<ModelOption> options() {
        List<ModelOption> options = new ArrayList<>(SampleOptions.all());
        options.add(new ModelOption(
                LOG_DETERMINANT,
                ModelOption.Type.BOOLEAN,
                false,
                List.of(),
                "keep ln det of the variances, with sigma_int free: this biases alpha and beta"));
        return options;
    }

    @Override
    List<Parameter> populationParameters(ModelOptions options) {
        List<Parameter> parameters = Population.relationParameters(SampleOptions.kind(options));
        if (options.flag(LOG_DETERMINANT)) {
            parameters.add(Population.scatterParameter());
        }
        return parameters;
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.logLikelihood(),
                Output.number("chi2", "", "sum of squared residuals over their variances"),
                Output.number("hubble_scatter", "mag", "standard deviation about the Hubble line after correction"));
    }

    @Override
    public Optional<ModelGraph> graph(ModelOptions options) {
        return Optional.of(PopulationGraph.measured(options, options.flag(LOG_DETERMINANT)));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        return SampleOptions.files(options);
    }

    @Override
    Data read(ModelOptions options, int first) throws IOException {
        Sample sample = SampleOptions.read(options);
        SampleKind kind = SampleOptions.kind(options);
        boolean keepsDeterminant = options.flag(LOG_DETERMINANT);
        TrippLikelihood likelihood = new TrippLikelihood(sample);
        return new Data(sample, (moduli, point, row) -> {
            Fit fit = fit(likelihood, moduli, kind, keepsDeterminant, point, first);
            row.set(0, -(keepsDeterminant ? fit.chi2() + fit.logDeterminant() : fit.chi2()) / 2);
            row.set(1, fit.chi2());
            row.set(2, fit.scatter());
        });
    }

    private static Fit fit(
            TrippLikelihood likelihood,
            double[] moduli,
            SampleKind kind,
            boolean keepsDeterminant,
            double[] point,
            int first) {
        double a = kind.signOfAlpha() * point[first];
        double b = point[first + 1];
        double magnitude = point[first + 2];
        double massStep = kind.hasMassStep() ? point[first + 3] : 0;
        return keepsDeterminant
                ? likelihood.fit(moduli, a, b, magnitude, massStep, point[point.length - 1])
                : likelihood.fit(moduli, a, b, magnitude, massStep);
    }
}
