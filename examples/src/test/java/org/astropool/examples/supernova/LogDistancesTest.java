package org.astropool.examples.supernova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogDistancesTest {
    private static final double[] REDSHIFTS = {0.001, 0.01, 0.0123, 0.1, 0.35, 0.36, 0.7, 1.1, 1.7, 2.26};
    private static final LogDistances DISTANCES = new LogDistances(REDSHIFTS);

    @ParameterizedTest
    @CsvSource({
        "0.3, 0.7, -1",
        "0.3, 0.7, -2",
        "0.01, 0.99, -2",
        "0.3, 0.7, -6",
        "0.3, 0.7, 0",
        "0.3, 0.7, -0.3333333333333333",
        "1, 0, -1",
        "0, 0, -1",
        "0, 1, -1",
        "0.2, 0.3, -1",
        "0.2, -0.5, -1",
        "0.6, 1.2, -1",
        "0.1, 1.3, -1",
        "5, 1, -1"
    })
    void distancesAgreeWithAnIntegralForEachRedshift(double matter, double darkEnergy, double w) {
        assertAgreesWithIntegrals(new Expansion(matter, darkEnergy, w));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-13, 1e-11, -1e-11, 1e-6, -1e-6})
    void distancesAreContinuousWhereCurvatureVanishes(double curvature) {
        assertAgreesWithIntegrals(new Expansion(0.3, 0.7 - curvature, -1));
    }

    @Test
    void randomUniversesAgreeWithIntegrals() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            double matter = random.nextDouble();
            Expansion expansion = new Expansion(matter, random.nextDouble(), -2 + 1.9 * random.nextDouble());
            assertThat(DISTANCES.logTransverse(expansion))
                    .as("seed " + seed + ", " + expansion)
                    .isPresent();
            assertAgreesWithIntegrals(expansion);
        }
    }

    @Test
    void oneRedshiftIsEnough() {
        double distance = new LogDistances(new double[] {0.5})
                .logTransverse(new Expansion(0, 1, -1))
                .orElseThrow()[0];

        assertThat(distance).isCloseTo(Math.log(0.5), within(1e-14)); // de Sitter: D = z
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 2, -1", // E^2 turns negative on the way
        "0.1, 1.35, -1", // E^2 touches 0 at 1 + z = 3: the static universe
        "-0.1, 1.1, -1", // negative matter
        "0, 1.5, -1", // E^2 falls to 0 and below
    })
    void withoutABigBangThereAreNoDistances(double matter, double darkEnergy, double w) {
        assertThat(DISTANCES.logTransverse(new Expansion(matter, darkEnergy, w)))
                .isEmpty();
    }

    @Test
    void whatLiesBeyondTheFarthestRedshiftDoesNotMatter() {
        Expansion bounce = new Expansion(0, 1.5, -1); // E^2 = 0 at (1 + z)^2 = 3

        assertThat(new LogDistances(new double[] {0.1, 0.7}).logTransverse(bounce))
                .isPresent();
        assertThat(new LogDistances(new double[] {0.1, 0.74}).logTransverse(bounce))
                .isEmpty();
    }

    @Test
    void atTheAntipodeAndBeyondThereAreNoDistances() {
        // Closed and almost static near 1 + z = 3: light goes far round the universe there.
        Expansion loitering = new Expansion(0.1, 1.3499999, -1);

        assertThat(DISTANCES.logTransverse(loitering)).isEmpty();
        assertThat(new LogDistances(new double[] {0.1, 1}).logTransverse(loitering))
                .isPresent();
    }

    private static void assertAgreesWithIntegrals(Expansion expansion) {
        Optional<double[]> logDistances = DISTANCES.logTransverse(expansion);
        for (int i = 0; i < REDSHIFTS.length; i++) {
            double expected = Math.log(transverse(expansion, simpson(expansion, REDSHIFTS[i])));
            assertThat(logDistances.orElseThrow()[i])
                    .as("ln S at z = " + REDSHIFTS[i] + " in " + expansion)
                    .isCloseTo(expected, within(1e-12));
        }
    }

    private static double transverse(Expansion expansion, double distance) {
        double curvature = 1 - expansion.matter() - expansion.darkEnergy();
        if (Math.abs(curvature) < 1e-12) {
            return distance;
        }
        double root = Math.sqrt(Math.abs(curvature));
        return (curvature > 0 ? Math.sinh(root * distance) : Math.sin(root * distance)) / root;
    }

    private static double simpson(Expansion expansion, double z) {
        int steps = 20_000;
        double step = z / steps;
        double sum = inverseHubble(expansion, 0) + inverseHubble(expansion, z);
        for (int i = 1; i < steps; i++) {
            sum += (i % 2 == 0 ? 2 : 4) * inverseHubble(expansion, i * step);
        }
        return sum * step / 3;
    }

    private static double inverseHubble(Expansion expansion, double z) {
        double curvature = 1 - expansion.matter() - expansion.darkEnergy();
        return 1
                / Math.sqrt(expansion.matter() * Math.pow(1 + z, 3)
                        + curvature * Math.pow(1 + z, 2)
                        + expansion.darkEnergy() * Math.pow(1 + z, 3 * (1 + expansion.w())));
    }
}
