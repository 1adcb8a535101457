package org.astropool.internal.job.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.astropool.internal.job.forecast.DurationModel.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs whose durations are known are predicted from a pilot: the interval of 90 % has to contain the time that the
 * other points really take, in about as many runs as it says.
 */
class CalibrationTest {
    private static final long SEED = 20261130;
    private static final int RUNS = 200;
    private static final int ROWS = 100;
    private static final int COLUMNS = 50;
    private static final int POINTS = ROWS * COLUMNS;
    private static final int PILOT = 200;
    private static final int SLOTS = 24;
    private static final int REPLICATES = 50;

    enum Kind {
        LOG_NORMAL,
        TREND,
        TWO_POPULATIONS,
        HEAVY_TAIL;

        /** @param x the parameters, each from 0 to 1 */
        double seconds(double[] x, SplittableRandom random) {
            return switch (this) {
                case LOG_NORMAL -> Math.exp(random.nextGaussian());
                case TREND -> (0.2 + 3 * x[0] * x[0] + x[1]) * Math.exp(0.2 * random.nextGaussian());
                case TWO_POPULATIONS -> (random.nextDouble() < 0.1 ? 12 : 1) * Math.exp(0.3 * random.nextGaussian());
                case HEAVY_TAIL -> Math.exp(random.nextExponential() / 1.5); // P(t > s) = s^-1.5
            };
        }
    }

    private record Replay(boolean covered, Shape shape, double width) {}

    @ParameterizedTest
    @EnumSource
    void ninetyPercentIntervalsContainTheTruthInNinetyPercentOfTheRuns(Kind kind) {
        Replay[] replays = IntStream.range(0, RUNS)
                .parallel()
                .mapToObj(run -> replay(kind, run))
                .toArray(Replay[]::new);

        double covered = Arrays.stream(replays).filter(Replay::covered).count() / (double) RUNS;
        double warned = Arrays.stream(replays)
                        .filter(one -> one.shape == Shape.HEAVY_TAIL)
                        .count()
                / (double) RUNS;
        String what = "seed " + SEED + ", " + kind + ": covered " + covered + ", warned " + warned + ", mean width "
                + Arrays.stream(replays).mapToDouble(Replay::width).average().orElse(0);
        if (kind == Kind.HEAVY_TAIL) {
            assertThat(covered).as(what).isGreaterThanOrEqualTo(0.75);
            assertThat(warned).as(what).isGreaterThan(0.75);
        } else {
            assertThat(covered).as(what).isBetween(0.85, 0.97);
            assertThat(warned).as(what).isLessThan(0.1);
        }
    }

    private static Replay replay(Kind kind, int run) {
        SplittableRandom random = new SplittableRandom(SEED + 1000L * kind.ordinal() + run);
        double[][] features = new double[POINTS][];
        double[] seconds = new double[POINTS];
        for (int point = 0; point < POINTS; point++) {
            double[] x = {Math.floorDiv(point, COLUMNS) / (double) ROWS, point % COLUMNS / (double) COLUMNS, point};
            features[point] = x;
            seconds[point] = kind.seconds(x, random);
        }
        int[] pilot = PilotPoints.spread(POINTS, PILOT, random.nextLong());
        boolean[] known = new boolean[POINTS];
        Arrays.stream(pilot).forEach(point -> known[point] = true);
        int[] left = IntStream.range(0, POINTS).filter(point -> !known[point]).toArray();

        DurationModel model = DurationModel.of(
                Arrays.stream(pilot).mapToObj(point -> features[point]).toArray(double[][]::new),
                Arrays.stream(pilot).mapToDouble(point -> seconds[point]).toArray());
        Interval predicted = new Forecast(model, left.length, i -> features[left[i]], random.nextLong(), REPLICATES)
                .on(SLOTS)
                .wallSeconds();

        ListSchedule truth = new ListSchedule(SLOTS, 0);
        Arrays.stream(left).forEach(point -> truth.add(seconds[point]));
        return new Replay(
                predicted.low() <= truth.end() && truth.end() <= predicted.high(),
                model.shape(),
                predicted.high() / predicted.low());
    }
}
