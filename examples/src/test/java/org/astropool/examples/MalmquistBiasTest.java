package org.astropool.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.OutputRow;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalmquistBiasTest {
    private static final Model MODEL = new MalmquistBias();
    /** The apparent magnitude of an average supernova at the edge, with default options. */
    private static final double AT_EDGE = 40 - 19.3;

    private static final int EVENTS = 200_000;
    private static final double SIGMAS = 4.5;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void biasFarFromTheEdgeIsThatOfMalmquist(long seed) throws Exception {
        double scatter = 0.25;

        Bias bias = simulate(AT_EDGE - 6 * scatter, scatter, seed, 0);

        assertThat(bias.mean()).isCloseTo(-1.38155 * scatter * scatter, within(SIGMAS * bias.error()));
        assertThat(bias.error()).isLessThan(0.002);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0.4", "-0.3, 0.2", "0, 0.1", "0, 0.5", "0.3, 0.3"})
    void biasAndFractionNearTheEdgeAreThoseOfTheIntegrals(double limit, double scatter) throws Exception {
        Bias bias = simulate(AT_EDGE + limit, scatter, 7, 0);

        double fraction = integral(limit, scatter, 0);
        assertThat(bias.mean()).isCloseTo(integral(limit, scatter, 1) / fraction, within(SIGMAS * bias.error()));
        assertThat(bias.fraction()).isCloseTo(fraction, within(SIGMAS * Math.sqrt(fraction * (1 - fraction) / EVENTS)));
    }

    /** Of deviation^power over the detected supernovae, by the midpoint rule. */
    private static double integral(double limit, double scatter, int power) {
        int steps = 200_000;
        double from = -8 * scatter;
        double width = -2 * from / steps;
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            double x = from + (i + 0.5) * width;
            double density = Math.exp(-x * x / (2 * scatter * scatter)) / (scatter * Math.sqrt(2 * Math.PI));
            double volume = Math.min(1, Math.pow(10, 0.6 * (limit - x)));
            sum += Math.pow(x, power) * density * volume * width;
        }
        return sum;
    }

    @Test
    void surveyThatSeesEverythingHasNoBias() throws Exception {
        Bias bias = simulate(AT_EDGE + 3, 0.3, 5, 0);

        assertThat(bias.fraction()).isEqualTo(1);
        assertThat(bias.mean()).isCloseTo(0, within(SIGMAS * bias.error()));
    }

    @Test
    void withoutScatterThereIsNoBias() throws Exception {
        Bias bias = simulate(AT_EDGE - 1, 0, 5, 0);

        assertThat(bias.mean()).isZero();
        assertThat(bias.error()).isZero();
    }

    @Test
    void standardErrorIsTheScatterOfRepetitions() throws Exception {
        int repetitions = 400;
        double[] means = new double[repetitions];
        double error = 0;
        for (int i = 0; i < repetitions; i++) {
            Bias bias = simulate(AT_EDGE - 1, 0.3, 1, i, Map.of("events", 2000L));
            means[i] = bias.mean();
            error += bias.error() / repetitions;
        }
        double average = IntStream.range(0, repetitions)
                .mapToDouble(i -> means[i])
                .average()
                .orElseThrow();
        double variance = 0;
        for (double mean : means) {
            variance += (mean - average) * (mean - average) / (repetitions - 1);
        }

        assertThat(Math.sqrt(variance) / error).isCloseTo(1, within(0.15)); // its own error is 0.035
    }

    @Test
    void numbersFollowFromSeedAndIndexAlone() throws Exception {
        Bias bias = simulate(AT_EDGE, 0.3, 3, 8);

        assertThat(simulate(AT_EDGE, 0.3, 3, 8)).isEqualTo(bias);
        assertThat(simulate(AT_EDGE, 0.3, 3, 9)).isNotEqualTo(bias);
        assertThat(simulate(AT_EDGE, 0.3, 4, 8)).isNotEqualTo(bias);
    }

    @Test
    void waitingDoesNotChangeTheNumbers() throws Exception {
        long start = System.nanoTime();

        Bias bias = simulate(AT_EDGE, 0.3, 3, 8, Map.of("minimum_seconds", 0.3));

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(300_000_000L);
        assertThat(bias).isEqualTo(simulate(AT_EDGE, 0.3, 3, 8));
    }

    @Test
    void pointWithTooFewDetectionsIsSkipped() throws Exception {
        OutputRow row = evaluate(10, 0.1, new Seeded(1, 0, false), Map.of());

        assertThat(row.skipReason()).contains("of 200000 supernovae 0 are detected");
    }

    @Test
    void cancelledPointEnds() {
        assertThatThrownBy(() -> evaluate(AT_EDGE, 0.1, new Seeded(1, 0, true), Map.of()))
                .isInstanceOf(CancellationException.class);
    }

    @ParameterizedTest
    @CsvSource({"events, 1", "events, 1000000001"})
    void eventsHaveLimits(String option, long value) {
        ModelOptions options = ModelOptions.of(MODEL, Map.of(option, value));

        assertThatThrownBy(() -> MODEL.parameters(options))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("from 2 to 1000000000");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 3601, Double.NaN})
    void waitingHasLimits(double seconds) {
        ModelOptions options = ModelOptions.of(MODEL, Map.of("minimum_seconds", seconds));

        assertThatThrownBy(() -> MODEL.parameters(options))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("from 0 to 3600");
    }

    private record Bias(double mean, double error, double fraction) {}

    private static Bias simulate(double limit, double scatter, long seed, long index) throws Exception {
        return simulate(limit, scatter, seed, index, Map.of());
    }

    private static Bias simulate(double limit, double scatter, long seed, long index, Map<String, Object> options)
            throws Exception {
        double[] numbers = evaluate(limit, scatter, new Seeded(seed, index, false), options)
                .numbers();
        return new Bias(numbers[0], numbers[1], numbers[2]);
    }

    private static OutputRow evaluate(double limit, double scatter, TaskContext context, Map<String, Object> given)
            throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of("events", (long) EVENTS));
        all.putAll(given);
        ModelOptions options = ModelOptions.of(MODEL, all);
        OutputRow row = new OutputRow(MODEL.outputs(options));
        try (Evaluator evaluator = MODEL.prepare(options)) {
            evaluator.evaluate(new double[] {limit, scatter}, row, context);
        }
        return row;
    }

    /** What the pool gives to the task of an index. */
    private record Seeded(long index, RandomGenerator random, boolean isCancelled) implements TaskContext {
        Seeded(long seed, long index, boolean isCancelled) {
            this(index, RandomStreams.stream(seed, index), isCancelled);
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public int worker() {
            return 0;
        }
    }
}
