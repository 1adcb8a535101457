package org.astropool.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.astropool.task.RandomStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PriorTest {
    private static final long SEED = 9;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    static Stream<Prior> priors() {
        return Stream.of(
                new Prior.Flat(-3, 5),
                new Prior.LogFlat(1e-3, 1e4),
                new Prior.Normal(2, 3, -INFINITY, INFINITY),
                new Prior.Normal(2, 3, 0, 4),
                new Prior.Normal(2, 3, 1.5, 1.6),
                new Prior.Normal(2, 3, 2.5, INFINITY),
                new Prior.Normal(0, 1, 8, INFINITY),
                new Prior.Normal(0, 1, 8, 8.01),
                new Prior.Normal(0, 1, -INFINITY, -5),
                new Prior.Normal(0, 1, -6, -1));
    }

    /** Kolmogorov and Smirnov: the largest distance between the share of draws below a value and the probability. */
    @ParameterizedTest
    @MethodSource("priors")
    void drawsFollowTheDensity(Prior prior) {
        int count = 20_000;
        RandomGenerator random = RandomStreams.stream(SEED, 0);
        double[] draws = new double[count];
        for (int i = 0; i < count; i++) {
            draws[i] = prior.draw(random);
            assertThat(prior.logDensity(draws[i])).isFinite();
        }
        Arrays.sort(draws);

        double distance = 0;
        for (int i = 0; i < count; i++) {
            distance = Math.max(distance, Math.abs((i + 0.5) / count - share(prior, draws[i])));
        }

        assertThat(distance * Math.sqrt(count)).as("seed " + SEED).isLessThan(1.95); // exceeded in 1 of 1000
    }

    private static double share(Prior prior, double value) {
        if (prior instanceof Prior.Normal normal) {
            double sign = normal.from() > normal.mean() ? -1 : 1; // the tail above is that below, mirrored
            double from = sign * (normal.from() - normal.mean()) / normal.std();
            double to = sign * (normal.to() - normal.mean()) / normal.std();
            double z = sign * (value - normal.mean()) / normal.std();
            double below = Densities.normalShare(from);
            return (Densities.normalShare(z) - below) / (Densities.normalShare(to) - below);
        }
        if (prior instanceof Prior.LogFlat) {
            return Math.log(value / prior.from()) / Math.log(prior.to() / prior.from());
        }
        return (value - prior.from()) / (prior.to() - prior.from());
    }

    @Test
    void aJointPriorIsTheProductOfItsParts() {
        JointPrior prior = JointPrior.of("a", new Prior.Flat(0, 2)).and("b", new Prior.LogFlat(1, Math.E));

        assertThat(prior.logDensity(new double[] {1, 2})).isCloseTo(-2 * Math.log(2), within(1e-15));
        assertThat(prior.logDensity(new double[] {-1, 2})).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(prior.logDensity(new double[] {1, Double.NaN})).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(prior.names()).containsExactly("a", "b");
        assertThat(prior.outside(new double[] {-1, 3})).contains("a = -1.0", "b = 3.0");
    }

    @Test
    void duplicateNamesAndMissingPriorsAreRefused() {
        Prior flat = new Prior.Flat(0, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JointPrior.of("a", flat).and("a", flat))
                .withMessageContaining("twice");
        assertThatIllegalArgumentException().isThrownBy(() -> new JointPrior(List.of(), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new JointPrior(List.of("a", "b"), List.of(flat)));
    }
}
