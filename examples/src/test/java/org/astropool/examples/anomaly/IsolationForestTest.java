package org.astropool.examples.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsolationForestTest {

    private static double[] scores(double[][] objects, int trees, int sample, long seed) {
        IsolationForest forest = new IsolationForest(objects, trees, sample, seed);
        return Stream.of(objects).mapToDouble(forest::score).toArray();
    }

    /** 21 objects, of which the last is far from the others. */
    private static double[][] parabolas() {
        double[][] objects = new double[21][];
        for (int i = 0; i < 20; i++) {
            objects[i] = new double[] {i, i * i % 7};
        }
        objects[20] = new double[] {60, 3};
        return objects;
    }

    /** The mean of 10,000 trees of scikit-learn 1.2.1. */
    @Test
    void scoresAreThoseOfAnIndependentProgram() {
        double[] expected = {
            0.5928, 0.5124, 0.5412, 0.4652, 0.4546, 0.4976, 0.4486, 0.5284, 0.4438, 0.4805, 0.4315, 0.4317, 0.48,
            0.4532, 0.554, 0.4741, 0.4956, 0.4622, 0.4798, 0.5433, 0.7559
        };

        double[] scores = scores(parabolas(), 3_000, 21, 1);

        for (int i = 0; i < expected.length; i++) {
            assertThat(scores[i]).as("object %s", i).isCloseTo(expected[i], within(0.01));
        }
    }

    /** By the mean depth of the leaves of binary trees that are cut at random, from one size to the next. */
    @Test
    void theTypicalDepthIsThatOfRandomBinaryTrees() {
        double[] depths = new double[300]; // added up over all leaves
        double sum = 0;
        for (int leaves = 2; leaves < depths.length; leaves++) {
            sum += depths[leaves - 1];
            depths[leaves] = leaves + 2 * sum / (leaves - 1);
            assertThat(IsolationForest.unsuccessfulSearch(leaves))
                    .isCloseTo(depths[leaves] / leaves, withinPercentage(1e-10));
        }
        assertThat(IsolationForest.unsuccessfulSearch(1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anObjectFarFromTheOthersIsTheMostUnusual(long seed) {
        Random random = new Random(seed);
        double[][] objects = IntStream.range(0, 500)
                .mapToObj(i -> random.doubles(6).toArray())
                .toArray(double[][]::new);
        int odd = random.nextInt(500);
        Arrays.fill(objects[odd], 2);

        double[] scores = scores(objects, 100, 256, seed);

        assertThat(scores[odd]).isEqualTo(Arrays.stream(scores).max().orElseThrow());
        assertThat(Arrays.stream(scores).filter(score -> score == scores[odd])).hasSize(1);
    }

    @Test
    void unitsOfFeaturesDoNotMatter() {
        double[][] scaled = Stream.of(parabolas())
                .map(object -> new double[] {object[0] * 1024, object[1] / 8})
                .toArray(double[][]::new);

        assertThat(scores(scaled, 50, 16, 3)).isEqualTo(scores(parabolas(), 50, 16, 3));
    }

    @Test
    void theSeedDecides() {
        assertThat(scores(parabolas(), 50, 16, 3)).isEqualTo(scores(parabolas(), 50, 16, 3));
        assertThat(scores(parabolas(), 50, 16, 3)).isNotEqualTo(scores(parabolas(), 50, 16, 4));
    }

    @Test
    void objectsThatCannotBeToldApartAreOrdinary() {
        double[][] same = new double[50][3];

        assertThat(scores(same, 1, 256, 1)).containsOnly(0.5);
    }

    @Test
    void neighbouringNumbersAreSeparated() {
        double[][] objects = {{1}, {Math.nextUp(1.0)}, {1}};

        double[] scores = scores(objects, 100, 256, 1);

        assertThat(scores[1]).isGreaterThan(scores[0]);
    }

    @Test
    void oneObjectIsTooFew() {
        assertThatThrownBy(() -> new IsolationForest(new double[1][2], 10, 256, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 objects");
    }
}
