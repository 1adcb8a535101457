package org.astropool.internal.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.astropool.sampler.Prior;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DesignPointsTest {
    private static final Prior UNIT = new Prior.Flat(0, 1);
    private static final List<Prior> PRIORS = List.of(
            new Prior.Flat(-2, 5),
            new Prior.LogFlat(0.01, 100),
            new Prior.Normal(1, 2, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));

    private static DesignPoints unit(DesignKind kind, int dimensions, int draws, long seed) {
        List<String> names =
                IntStream.range(0, dimensions).mapToObj(i -> "p" + i).toList();
        return new DesignPoints(names, Collections.nCopies(dimensions, UNIT), draws, kind, seed);
    }

    private static double[] column(DesignPoints design, int column) {
        return IntStream.range(0, (int) design.size())
                .mapToDouble(i -> design.point(i)[column])
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(DesignKind.class)
    void aPointIsTheSameInEveryProcessAndInAnyOrder(DesignKind kind) throws Exception {
        DesignPoints design = new DesignPoints(List.of("a", "b", "c"), PRIORS, 1000, kind, 7);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(design);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            DesignPoints copy = (DesignPoints) in.readObject();
            for (int i = 999; i >= 0; i--) {
                assertThat(copy.point(i)).isEqualTo(design.point(i));
            }
        }
        assertThat(bytes.size()).as("bytes sent to a worker").isLessThan(2000);
    }

    @ParameterizedTest
    @EnumSource(DesignKind.class)
    void theSeedChangesEveryPoint(DesignKind kind) {
        DesignPoints one = unit(kind, 2, 100, 1);
        DesignPoints other = unit(kind, 2, 100, 2);

        for (int i = 0; i < 100; i++) {
            assertThat(other.point(i)[0]).isNotEqualTo(one.point(i)[0]);
            assertThat(other.point(i)[1]).isNotEqualTo(one.point(i)[1]);
        }
    }

    private static int interval(double value, int intervals) {
        return (int) (value * intervals);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "3, 7", "3, 1000", "2, 4096", "5, 4097"})
    void aLatinHypercubeHasOneValueInEachInterval(int dimensions, int draws) {
        DesignPoints design = unit(DesignKind.LATIN_HYPERCUBE, dimensions, draws, 3);

        for (int d = 0; d < dimensions; d++) {
            int[] intervals = DoubleStream.of(column(design, d))
                    .mapToInt(value -> interval(value, draws))
                    .sorted()
                    .toArray();
            assertThat(intervals).isEqualTo(IntStream.range(0, draws).toArray());
        }
    }

    @Test
    void dimensionsOfALatinHypercubeAreUnrelated() {
        int draws = 20_000;
        DesignPoints design = unit(DesignKind.LATIN_HYPERCUBE, 3, draws, 11);
        double[] index = IntStream.range(0, draws).mapToDouble(i -> i).toArray();

        assertThat(correlation(column(design, 0), column(design, 1))).isCloseTo(0, within(4 / Math.sqrt(draws)));
        assertThat(correlation(column(design, 1), column(design, 2))).isCloseTo(0, within(4 / Math.sqrt(draws)));
        assertThat(correlation(column(design, 0), index)).isCloseTo(0, within(4 / Math.sqrt(draws)));
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = DoubleStream.of(a).average().orElseThrow();
        double meanB = DoubleStream.of(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    /** A (t, m, s)-net keeps its property under a digital shift: each column of 2^k points, and the pairs of two. */
    @Test
    void aSobolSequenceFillsEveryIntervalAndEverySquare() {
        DesignPoints design = unit(DesignKind.SOBOL, 6, 1 << 12, 5);

        for (int d = 0; d < 6; d++) {
            assertThat(DoubleStream.of(column(design, d))
                            .mapToInt(value -> interval(value, 1 << 12))
                            .distinct()
                            .count())
                    .isEqualTo(1 << 12);
        }
        assertThat(IntStream.range(0, 1 << 12)
                        .map(i -> 64 * interval(design.point(i)[0], 64) + interval(design.point(i)[1], 64))
                        .distinct()
                        .count())
                .isEqualTo(1 << 12);
    }

    @Test
    void aSobolSequenceHasALimitOfDimensions() {
        assertThat(unit(DesignKind.SOBOL, 1200, 10, 1).point(9)).hasSize(1200);
        assertThatThrownBy(() -> unit(DesignKind.SOBOL, 21_202, 10, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("21202 parameters")
                .hasMessageContaining("latin-hypercube");
    }

    @ParameterizedTest
    @EnumSource(DesignKind.class)
    void pointsHaveTheDistributionOfThePriors(DesignKind kind) {
        DesignPoints design = new DesignPoints(List.of("a", "b", "c"), PRIORS, 4000, kind, 13);

        double[] flat = DoubleStream.of(column(design, 0)).map(a -> (a + 2) / 7).toArray();
        double[] logFlat = DoubleStream.of(column(design, 1))
                .map(b -> Math.log(b / 0.01) / Math.log(1e4))
                .toArray();
        NormalDistribution distribution = new NormalDistribution(1, 2);
        double[] normal = DoubleStream.of(column(design, 2))
                .map(distribution::cumulativeProbability)
                .toArray();
        for (double[] uniform : List.of(flat, logFlat, normal)) {
            assertThat(furthestFromUniform(uniform)).isLessThan(1.95 / Math.sqrt(4000)); // one seed in 1000 has more
        }
    }

    private static double furthestFromUniform(double[] values) {
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        double furthest = 0;
        for (int i = 0; i < sorted.length; i++) {
            furthest = Math.max(furthest, Math.abs(sorted[i] - (i + 0.5) / sorted.length));
        }
        return furthest;
    }

    /** The values are from scipy.stats.truncnorm.ppf, whose arguments are the same. */
    @ParameterizedTest
    @CsvSource({
        "-Infinity, Infinity, 0.3, -0.5244005127080407",
        "-Infinity, Infinity, 1e-15, -7.941345326170998",
        "-Infinity, Infinity, 0.975, 1.959963984540054",
        "-1, 2, 0.5, 0.17116391801782455",
        "3, 4, 0.5, 3.1984741317619534",
        "10, Infinity, 0.25, 10.02844905536923",
        "-12, -11, 0.9, -11.009496828080083",
        "40, 41, 0.5, 40.01731412676465"
    })
    void quantilesOfTruncatedNormalPriors(double from, double to, double part, double expected) {
        Prior prior = new Prior.Normal(0, 1, from, to);

        assertThat(PriorQuantile.of(prior, part)).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
    }
}
