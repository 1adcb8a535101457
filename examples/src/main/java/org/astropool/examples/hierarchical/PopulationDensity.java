package org.astropool.examples.hierarchical;

import java.util.Optional;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * The log-likelihood of a population in a fixed flat universe, as a function that travels with its sample. Thread-safe.
 */
final class PopulationDensity implements TaskFunction<double[], Double> {
    private static final long serialVersionUID = 1;

    private final Sample sample;
    private final double matter;
    private transient volatile @Nullable Prepared prepared;

    private record Prepared(PopulationLikelihood likelihood, Optional<double[]> moduli) {}

    /** @param matter density today, critical = 1, from 0 to 1 */
    PopulationDensity(Sample sample, double matter) {
        this.sample = sample;
        this.matter = matter;
    }

    /** @param point in the order of {@link Population#parameters} */
    @Override
    public Double apply(double[] point) {
        Prepared ready = prepared;
        if (ready == null) {
            Distances distances = Distances.fixed(matter, sample.cosmological(), sample.heliocentric());
            ready = new Prepared(new PopulationLikelihood(sample), distances.moduli(point));
            prepared = ready;
        }
        PopulationLikelihood likelihood = ready.likelihood;
        Population population = Population.at(point, 0, sample.kind());
        return ready.moduli
                .map(moduli -> likelihood.fit(moduli, population).logLikelihood())
                .orElse(Double.NEGATIVE_INFINITY);
    }
}
