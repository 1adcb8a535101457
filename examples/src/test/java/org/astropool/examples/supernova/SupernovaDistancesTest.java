package org.astropool.examples.supernova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.astropool.examples.NoContext;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupernovaDistancesTest {
    private static final Model MODEL = new SupernovaDistances();

    @Test
    void modelIsFoundByItsName() {
        assertThat(ServiceLoader.load(Model.class))
                .anyMatch(model -> model.name().equals("supernova-distances") && model instanceof SupernovaDistances);
    }

    @ParameterizedTest
    @CsvSource({"flat-lcdm, omega_m, 0.3", "lcdm, omega_m omega_lambda, 0.3 0.7", "flat-wcdm, omega_m w, 0.3 -1.0"})
    void cosmologyDecidesOnParametersAndTruth(String cosmology, String names, String truth) {
        ModelOptions options = simulated(Map.of("cosmology", cosmology));

        assertThat(MODEL.parameters(options).stream().map(Parameter::name)).containsExactly(names.split(" "));
        assertThat(MODEL.truth(options).keySet()).containsExactly(names.split(" "));
        assertThat(MODEL.truth(options).values().stream().map(String::valueOf)).containsExactly(truth.split(" "));
    }

    @Test
    void publishedDataHaveFilesButNoTruth() {
        ModelOptions options = options(Map.of("dataset", "union3", "data", "/some/where"));

        assertThat(MODEL.dataFiles(options))
                .containsExactly(
                        Path.of("/some/where/union3/lcparam_full.txt"), Path.of("/some/where/union3/mag_covmat.txt"));
        assertThat(MODEL.truth(options)).isEmpty();
    }

    @Test
    void simulatedDataNeedNoFiles() {
        assertThat(MODEL.dataFiles(simulated(Map.of()))).isEmpty();
    }

    @Test
    void unknownDataSetIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> options(Map.of("dataset", "union4")))
                .isInstanceOf(OptionException.class)
                .hasMessageContainingAll("union4", "union3", "des-sn5yr-dovekie-statvpec", "simulated");
    }

    @ParameterizedTest
    @CsvSource({"-1", "1", "1000001"})
    void numberOfSimulatedSupernovaeHasLimits(long count) {
        ModelOptions options = simulated(Map.of("simulation_count", count));

        assertThatThrownBy(() -> MODEL.parameters(options))
                .isInstanceOf(OptionException.class)
                .hasMessage("simulation_count is " + count + ", it must be from 2 to 1000000");
    }

    @Test
    void simulationIsDecidedByItsSeed() throws Exception {
        double[] point = {0.3};

        double once = evaluate(simulated(Map.of("simulation_seed", 7L)), point).get("chi2");
        double again = evaluate(simulated(Map.of("simulation_seed", 7L)), point).get("chi2");
        double other = evaluate(simulated(Map.of("simulation_seed", 8L)), point).get("chi2");

        assertThat(again).isEqualTo(once);
        assertThat(other).isNotEqualTo(once);
    }

    @Test
    void simulatedSupernovaeFitTheirUniverse() throws Exception {
        Map<String, Double> fit = evaluate(simulated(Map.of("simulation_count", 10_000L)), 0.3);

        // chi2 of 9999 degrees of freedom has a deviation of 141, the mean of 10,000 errors of 0.15 mag one of 0.0015.
        assertThat(fit.get("chi2")).isCloseTo(9999, within(5 * 141.0));
        assertThat(fit.get("offset")).isCloseTo(0, within(5 * 0.0015));
        assertThat(fit.get("log_likelihood")).isEqualTo(-fit.get("chi2") / 2);
    }

    @Test
    void someSimulatedSupernovaeMayBeOfASecondPopulation() throws Exception {
        Map<String, Object> many = Map.of("simulation_count", 10_000L);
        Map<String, Object> contaminated = Map.of("simulation_count", 10_000L, "simulation_outliers", 0.2);

        double shift = evaluate(simulated(contaminated), 0.3).get("offset")
                - evaluate(simulated(many), 0.3).get("offset");

        assertThat(shift)
                .isCloseTo(0.2 * 0.5, within(5 * 0.004)); // the mean of 2000 scatters of 0.6 mag, and their number
        assertThatThrownBy(() -> MODEL.parameters(simulated(Map.of("simulation_outliers", 1.5))))
                .isInstanceOf(OptionException.class)
                .hasMessage("simulation_outliers is 1.5, it must be from 0 to 1");
    }

    @Test
    void universeWithoutABigBangHasLikelihoodZero() throws Exception {
        Map<String, Double> fit = evaluate(simulated(Map.of("cosmology", "lcdm")), 0, 2);

        assertThat(fit.get("log_likelihood")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(fit.get("chi2")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(fit.get("offset")).isNaN();
    }

    @ParameterizedTest
    @CsvSource({"NaN, -1", "0.3, NaN", "Infinity, -1", "0.3, -Infinity"})
    void parameterThatIsNotFiniteGivesNoLikelihood(double matter, double w) throws Exception {
        assertThat(evaluate(simulated(Map.of("cosmology", "flat-wcdm")), matter, w)
                        .get("log_likelihood"))
                .isNaN();
    }

    @Test
    void missingDataAreReportedWhenTheModelIsPrepared() {
        ModelOptions options = options(Map.of("dataset", "union3", "data", "/no/such/folder"));

        assertThatThrownBy(() -> MODEL.prepare(options)).hasMessageContaining("lcparam_full.txt");
    }

    private static ModelOptions simulated(Map<String, Object> others) {
        Map<String, Object> all = new HashMap<>(others);
        all.put("dataset", "simulated");
        return options(all);
    }

    private static ModelOptions options(Map<String, Object> given) {
        return ModelOptions.of(MODEL, given);
    }

    private static Map<String, Double> evaluate(ModelOptions options, double... point) throws Exception {
        OutputRow row = new OutputRow(MODEL.outputs(options));
        try (Evaluator evaluator = MODEL.prepare(options)) {
            evaluator.evaluate(point, row, NoContext.INSTANCE);
        }
        assertThat(row.missing()).isNull();
        List<String> names =
                MODEL.outputs(options).stream().map(output -> output.name()).toList();
        Map<String, Double> outputs = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            outputs.put(names.get(i), row.numbers()[i]);
        }
        return outputs;
    }
}
