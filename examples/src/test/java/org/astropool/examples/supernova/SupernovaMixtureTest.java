package org.astropool.examples.supernova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.astropool.examples.NoContext;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.OutputValues;
import org.astropool.task.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupernovaMixtureTest {
    private static final Model MODEL = new SupernovaMixture();
    private static final double EXACT = 1e-7; // per cent

    private static ModelOptions published(String dataSet, Map<String, Object> more) {
        Map<String, Object> values = new HashMap<>(more);
        values.put("dataset", dataSet);
        values.put("data", PublishedData.folder().toString());
        return ModelOptions.of(MODEL, values);
    }

    private static ModelOptions simulated(Map<String, Object> more) {
        Map<String, Object> values = new HashMap<>(more);
        values.put("dataset", "simulated");
        return ModelOptions.of(MODEL, values);
    }

    private static OutputValues evaluate(ModelOptions options, double... point) throws Exception {
        OutputRow row = new OutputRow(MODEL.outputs(options));
        try (Evaluator evaluator = MODEL.prepare(options)) {
            evaluator.evaluate(point, row, NoContext.INSTANCE);
        }
        assertThat(row.missing()).isNull();
        return new OutputValues(MODEL.outputs(options), row.numbers(), row.strings());
    }

    /** Values of an independent program. */
    @ParameterizedTest
    @CsvSource({"union2.1, -0.1324, -87.99946633715, 580", "pantheon2018, -19.4824, 32.24035523514, 1048"})
    void logLikelihoodIsThatOfAnIndependentProgram(String dataSet, double offset, double expected, int count)
            throws Exception {
        OutputValues row = evaluate(published(dataSet, Map.of()), 0.361, offset, 0.1131, 0.1261, 0.2539);

        assertThat(row.number("log_likelihood")).isCloseTo(expected, withinPercentage(EXACT));
        assertThat(row.vector("outlier_probability")).hasSize(count);
        assertThat(Arrays.stream(row.vector("outlier_probability")).sum())
                .isCloseTo(row.number("outliers"), withinPercentage(EXACT));
    }

    @Test
    void withoutOutliersItIsTheNormalDistribution() throws Exception {
        HubbleDiagram diagram = DataSet.UNION_2_1.read(PublishedData.folder());
        double[] errors = diagram.precision().errors();
        double[] mu = new DistanceModuli(diagram.cosmological(), diagram.heliocentric())
                .in(new Expansion(0.3, 0.7, -1))
                .orElseThrow();
        double expected = 0;
        for (int i = 0; i < mu.length; i++) {
            double pull = (diagram.brightness()[i] - mu[i] - 0.1) / errors[i];
            expected += -0.5 * pull * pull - Math.log(errors[i] * Math.sqrt(2 * Math.PI));
        }

        OutputValues row = evaluate(published("union2.1", Map.of()), 0.3, 0.1, 0, 0.5, 0.5);

        assertThat(row.number("log_likelihood")).isCloseTo(expected, withinPercentage(EXACT));
        assertThat(row.number("outliers")).isZero();
    }

    @Test
    void aUniverseWithoutDistancesIsImpossibleAndNoNumberGivesNone() throws Exception {
        ModelOptions options = simulated(Map.of());

        assertThat(evaluate(options, Double.NaN, 0, 0.1, 0.5, 0.5).number("log_likelihood"))
                .isNaN();
        assertThat(evaluate(options, 0.3, 0, 1, 0.5, 0).number("log_likelihood"))
                .isFinite();
    }

    @Test
    void theFractionMayComeFromTheSurvey() throws Exception {
        ModelOptions options = published("des-sn5yr-dovekie", Map.of("fraction", "data", "probabilities", false));

        assertThat(MODEL.parameters(options))
                .extracting(Parameter::name)
                .containsExactly("omega_m", "offset", "outlier_mean", "outlier_sigma");
        assertThat(MODEL.outputs(options)).extracting(Output::name).containsExactly("log_likelihood", "outliers");
        assertThat(evaluate(options, 0.3, 0, 0.5, 0.5).number("log_likelihood")).isFinite();
    }

    @ParameterizedTest
    @ValueSource(strings = {"union2.1", "simulated"})
    void aFractionFromTheSurveyNeedsOneThatClassifies(String dataSet) {
        ModelOptions options = ModelOptions.of(MODEL, Map.of("dataset", dataSet, "fraction", "data"));

        assertThatThrownBy(() -> MODEL.parameters(options))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("des-sn5yr-dovekie");
    }

    @Test
    void dataSetsWithCorrelatedErrorsAreNoChoice() {
        assertThatThrownBy(() -> ModelOptions.of(MODEL, Map.of("dataset", "union3")))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("union2.1");
    }

    /** The supernovae that were made fainter are told from the others. */
    @Test
    void simulatedOutliersAreRecognised() throws Exception {
        ModelOptions options = simulated(Map.of("simulation_count", 2_000L, "simulation_outliers", 0.2));
        OutputValues row = evaluate(options, 0.3, 0, 0.2, 0.5, 0.6);

        assertThat(row.number("outliers")).isBetween(360.0, 440.0);
        assertThat(MODEL.truth(options).keySet())
                .containsAll(List.of("omega_m", "offset", "outlier_fraction", "outlier_mean", "outlier_sigma"));
    }
}
