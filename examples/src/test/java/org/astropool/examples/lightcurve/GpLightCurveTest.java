package org.astropool.examples.lightcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.astropool.examples.TaskNumber;
import org.astropool.examples.lightcurve.GaussianProcess.At;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.OutputValues;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpLightCurveTest {
    private static final Model MODEL = new GpLightCurve();

    private static ModelOptions csp(Map<String, Object> more) {
        Map<String, Object> values = new HashMap<>(more);
        values.put("survey", "csp3");
        values.put("data", PublishedData.folder().toString());
        values.putIfAbsent("bands", "B");
        return ModelOptions.of(MODEL, values);
    }

    private static OutputValues fit(ModelOptions options, String name) throws Exception {
        TaskList tasks = MODEL.tasks(options).orElseThrow();
        int index = 0;
        while (!name.equals(tasks.values(index).get(0))) {
            index++;
        }
        OutputRow row = new OutputRow(MODEL.outputs(options));
        try (Evaluator evaluator = MODEL.prepare(options)) {
            evaluator.evaluate(new double[0], row, new TaskNumber(index));
        }
        assertThat(row.problem()).isNull();
        return new OutputValues(MODEL.outputs(options), row.numbers(), row.strings());
    }

    /** A value of an independent program. */
    @Test
    void logLikelihoodOfGivenHyperparameters() throws Exception {
        OutputValues fit = fit(csp(Map.of("ln_a", 9.621124641562, "ln_l", 2.995732273554)), "2004ef");

        assertThat(fit.integer("n_points")).isEqualTo(42);
        assertThat(fit.number("log_likelihood")).isCloseTo(-333.185802756552, within(333e-9));
    }

    /** Values of an independent program. */
    @ParameterizedTest
    @CsvSource({"2004ef, 42, -313.724735, 9.099674, 3.495640", "2005el, 21, -201.395123, 10.579177, 3.463674"})
    void maximumOfTheLikelihood(String name, long points, double logLikelihood, double logAmplitude, double logScale)
            throws Exception {
        OutputValues fit = fit(csp(Map.of()), name);

        assertThat(fit.integer("n_points")).isEqualTo(points);
        assertThat(fit.number("log_likelihood")).isCloseTo(logLikelihood, within(1e-6));
        assertThat(fit.number("ln_a")).isCloseTo(logAmplitude, within(1e-5));
        assertThat(fit.number("ln_l")).isCloseTo(logScale, within(1e-5));
    }

    @Test
    void theMaximumIsNearThatOfTheBazinFit() throws Exception {
        for (String hyperparameters : new String[] {"maximum", "marginalised"}) {
            OutputValues fit = fit(csp(Map.of("hyperparameters", hyperparameters)), "2006ax");

            assertThat(fit.number("mag_peak")).as(hyperparameters).isCloseTo(15.09, within(0.12));
            assertThat(fit.number("dm15")).isCloseTo(1.07, within(0.12));
            assertThat(fit.number("mag_peak_error")).isBetween(0.001, 0.1);
            assertThat(fit.number("dm15_error")).isBetween(0.001, 0.2);
            assertThat(fit.number("t_peak_error")).isBetween(0.01, 3.0);
        }
    }

    @Test
    void everyLightCurveIsFittedOrSkippedWithItsReason() throws Exception {
        ModelOptions options = csp(Map.of("bands", "B, n"));
        TaskList tasks = MODEL.tasks(options).orElseThrow();
        int fitted = 0;
        try (Evaluator evaluator = MODEL.prepare(options)) {
            for (int i = 0; i < tasks.size(); i++) {
                OutputRow row = new OutputRow(MODEL.outputs(options));
                try {
                    evaluator.evaluate(new double[0], row, new TaskNumber(i));
                    assertThat(row.problem()).as("task %d", i).isNull();
                    for (double number : row.numbers()) {
                        assertThat(number).as("task %d", i).isFinite();
                    }
                    fitted++;
                } catch (SkippedException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
        assertThat(fitted).isBetween(tasks.size() / 3, tasks.size());
    }

    /** Derivatives and covariances by differences of those of the values. */
    @Test
    void derivativesAreThoseOfTheValues() {
        Random random = new Random(5);
        double[] times = random.doubles(20, -20, 60).sorted().toArray();
        double[] values = random.doubles(20, 10, 20).toArray();
        double[] errors = random.doubles(20, 1, 2).toArray();
        GaussianProcess process = new GaussianProcess(new FitPoints(times, values, errors, 60), 2, 2.5);
        double h = 1e-4;
        double t = 3.3;

        assertThat(process.slope(t)).isCloseTo((process.mean(t + h) - process.mean(t - h)) / (2 * h), within(1e-6));
        assertThat(process.curvature(t))
                .isCloseTo((process.slope(t + h) - process.slope(t - h)) / (2 * h), within(1e-6));
        double[][] covariance =
                process.covariance(new At(t, true), new At(9, false), new At(t + h, false), new At(t - h, false));
        assertThat(covariance[0][1]).isCloseTo((covariance[2][1] - covariance[3][1]) / (2 * h), within(1e-5));
        assertThat(covariance[1][0]).isCloseTo(covariance[0][1], within(1e-12));
        assertThat(covariance[0][0]).isPositive();
    }

    @Test
    void namesOfTheSecondLayerAreThoseOfTheBazinFit() {
        Model bazin = new BazinLightCurve();
        Map<String, Object> values = Map.of("survey", "csp3", "bands", "B");

        assertThat(MODEL.outputs(ModelOptions.of(MODEL, values)))
                .extracting(Output::name)
                .containsAll(bazin.outputs(ModelOptions.of(bazin, values)).stream()
                        .map(Output::name)
                        .dropWhile(name -> !name.equals("t_peak"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"ln_a, 9, maximum, ln_l", "ln_l, 3, maximum, ln_a"})
    void hyperparametersAreGivenTogether(String name, double value, String hyperparameters, String missing) {
        ModelOptions options = ModelOptions.of(
                MODEL, Map.of("survey", "csp3", "bands", "B", name, value, "hyperparameters", hyperparameters));

        assertThatThrownBy(() -> MODEL.parameters(options))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("must be given together")
                .hasMessageContaining(missing);
    }
}
