package org.astropool.internal.contour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples of known densities. The seeds are fixed: another seed has another scatter of about a percent. */
class ChainDensityTest {
    private static final int COUNT = 40_000;
    private static final long SEED = 20261130;

    private final Random random = new Random(SEED);
    private final double[] x = new double[COUNT];
    private final double[] y = new double[COUNT];
    private final double[] weights = new double[COUNT];

    ChainDensityTest() {
        Arrays.fill(weights, 1);
    }

    private static double area(Density density, double mass) {
        return density.areaAbove(density.level(mass).value());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.6, -0.97})
    void samplesOfAGaussianGiveTheAreasOfItsEllipses(double correlation) {
        for (int i = 0; i < COUNT; i++) {
            x[i] = random.nextGaussian();
            y[i] = 1e-3 * (correlation * x[i] + Math.sqrt(1 - correlation * correlation) * random.nextGaussian());
        }
        Density density = ChainDensity.density(x, y, weights, COUNT, Edges.NONE, Edges.NONE);
        assertThat(density.mass()).isCloseTo(1, within(1e-9));
        for (double mass : new double[] {Level.ONE_SIGMA, Level.TWO_SIGMA}) {
            assertThat(area(density, mass))
                    .isCloseTo(DensityTest.ellipse(mass, 1, 1e-3, correlation), Percentage.withPercentage(2));
        }
    }

    @Test
    void weightsCount() {
        for (int i = 0; i < COUNT; i++) {
            x[i] = 12 * random.nextDouble() - 6;
            y[i] = 12 * random.nextDouble() - 6;
            weights[i] = Math.exp(DensityTest.gaussian(1, 1, 0.5).applyAsDouble(x[i], y[i]));
        }
        Density density = ChainDensity.density(x, y, weights, COUNT / 10.0, Edges.NONE, Edges.NONE);
        assertThat(area(density, Level.ONE_SIGMA))
                .isCloseTo(DensityTest.ellipse(Level.ONE_SIGMA, 1, 1, 0.5), Percentage.withPercentage(4));
    }

    @Test
    void aBananaKeepsItsShape() {
        for (int i = 0; i < COUNT; i++) {
            x[i] = random.nextGaussian();
            y[i] = x[i] * x[i] + 0.5 * random.nextGaussian();
        }
        Density density = ChainDensity.density(x, y, weights, COUNT, Edges.NONE, Edges.NONE);
        assertThat(area(density, Level.ONE_SIGMA))
                .isCloseTo(DensityTest.ellipse(Level.ONE_SIGMA, 1, 0.5, 0), Percentage.withPercentage(4));
    }

    @Test
    void twoPeaksAreNotSmoothedIntoOne() {
        for (int i = 0; i < COUNT; i++) {
            x[i] = (i % 2 == 0 ? 3 : -3) + 0.4 * random.nextGaussian();
            y[i] = 0.4 * random.nextGaussian();
        }
        Density density = ChainDensity.density(x, y, weights, COUNT, Edges.NONE, Edges.NONE);
        assertThat(density.lines(density.level(Level.TWO_SIGMA).value())).hasSize(2);
        assertThat(area(density, Level.ONE_SIGMA))
                .isCloseTo(2 * DensityTest.ellipse(Level.ONE_SIGMA, 0.4, 0.4, 0), Percentage.withPercentage(4));
        Marginal marginal = ChainDensity.marginal(x, weights, COUNT, Edges.NONE);
        assertThat(marginal.highest()).isCloseTo(0.5 / (0.4 * Math.sqrt(2 * Math.PI)), Percentage.withPercentage(4));
    }

    /** A Gaussian that is cut at its maximum, in both parameters: a quarter of each ellipse remains. */
    @Test
    void theDensityDoesNotFallTowardsAnEdgeOfThePrior() {
        for (int i = 0; i < COUNT; i++) {
            x[i] = Math.abs(random.nextGaussian());
            y[i] = -Math.abs(random.nextGaussian());
        }
        Edges positive = new Edges(0, Double.POSITIVE_INFINITY);
        Edges negative = new Edges(Double.NEGATIVE_INFINITY, 0);
        Density density = ChainDensity.density(x, y, weights, COUNT, positive, negative);
        for (double mass : new double[] {Level.ONE_SIGMA, Level.TWO_SIGMA}) {
            assertThat(area(density, mass))
                    .isCloseTo(DensityTest.ellipse(mass, 1, 1, 0) / 4, Percentage.withPercentage(2));
        }
        assertThat(density.values()[0][density.y().length - 1]).isCloseTo(2 / Math.PI, Percentage.withPercentage(8));
    }

    /** Where the density is steepest at the edge. */
    @Test
    void anExponentialAtAnEdgeKeepsItsHeight() {
        for (int i = 0; i < COUNT; i++) {
            x[i] = -Math.log1p(-random.nextDouble());
        }
        Marginal marginal = ChainDensity.marginal(x, weights, COUNT, new Edges(0, 100));
        assertThat(marginal.mass()).isCloseTo(1, within(1e-9));
        assertThat(marginal.values()[0]).isCloseTo(1, Percentage.withPercentage(6));
    }

    @Test
    void flatSamplesBetweenTwoEdgesAreFlat() {
        for (int i = 0; i < COUNT; i++) {
            x[i] = random.nextDouble();
        }
        Marginal marginal = ChainDensity.marginal(x, weights, COUNT, new Edges(0, 1));
        assertThat(Arrays.stream(marginal.values()).boxed())
                .allSatisfy(value -> assertThat(value).isCloseTo(1, within(0.12)));
    }

    @Test
    void samplesWithoutExtentAreRefused() {
        assertThatThrownBy(() -> ChainDensity.marginal(x, weights, COUNT, Edges.NONE))
                .hasMessageContaining("extent");
        for (int i = 0; i < COUNT; i++) {
            x[i] = random.nextGaussian();
            y[i] = 2 * x[i];
        }
        assertThatThrownBy(() -> ChainDensity.density(x, y, weights, COUNT, Edges.NONE, Edges.NONE))
                .hasMessageContaining("extent");
        Arrays.fill(weights, 0);
        assertThatThrownBy(() -> ChainDensity.marginal(x, weights, 0, Edges.NONE))
                .hasMessageContaining("no sample");
    }
}
