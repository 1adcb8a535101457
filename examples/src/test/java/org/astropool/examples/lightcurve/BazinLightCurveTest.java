package org.astropool.examples.lightcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.astropool.examples.TaskNumber;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BazinLightCurveTest {
    private static final Model MODEL = new BazinLightCurve();

    @Test
    void modelIsFoundByItsName() {
        assertThat(ServiceLoader.load(Model.class))
                .anyMatch(model -> model.name().equals("bazin-light-curve") && model instanceof BazinLightCurve);
    }

    /** Against an independent program (scipy). */
    @ParameterizedTest
    @CsvSource({
        "2004ef, 30, 33.210816, 10.281875, -3.60212, 1.093529, 2.190359, 17.0281, 1.3844",
        "2005el, 9, 1.835569, 11.986500, 1.39783, 1.206350, 2.109369, 15.2188, 1.4197",
        "2006ax, 15, 35.458894, 12.006489, -0.87802, 1.113728, 2.456431, 15.0876, 1.0706",
        "2007af, 15, 9.796683, 13.751362, -2.34164, 1.224918, 2.280391, 13.2713, 1.2078"
    })
    void referenceValuesInB(
            String name,
            long points,
            double chi2,
            double logAmplitude,
            double t0,
            double logRiseTime,
            double logFallTime,
            double magnitude,
            double dm15)
            throws Exception {
        ModelOptions options = csp(Map.of("bands", "B"));

        Map<String, Object> fit = evaluate(options, index(tasks(options), name, "B"), 0);

        assertThat(fit).containsEntry("n_points", points);
        assertThat(number(fit, "chi2")).isCloseTo(chi2, within(1e-5));
        assertThat(number(fit, "log_amplitude")).isCloseTo(logAmplitude, within(1e-4));
        assertThat(number(fit, "t0")).isCloseTo(t0, within(1e-4));
        assertThat(number(fit, "log_rise_time")).isCloseTo(logRiseTime, within(1e-4));
        assertThat(number(fit, "log_fall_time")).isCloseTo(logFallTime, within(1e-4));
        assertThat(number(fit, "mag_peak")).isCloseTo(magnitude, within(1e-4));
        assertThat(number(fit, "dm15")).isCloseTo(dm15, within(1e-4));
    }

    @Test
    void everyLightCurveIsFittedOrSkippedWithItsReason() throws Exception {
        ModelOptions options = csp(Map.of("bands", "B, n, m, o"));
        TaskList tasks = tasks(options);
        int fitted = 0;
        try (Evaluator evaluator = MODEL.prepare(options)) {
            for (int i = 0; i < tasks.size(); i++) {
                OutputRow row = new OutputRow(MODEL.outputs(options));
                try {
                    evaluator.evaluate(new double[0], row, new TaskNumber(i));
                    assertThat(row.problem()).isNull();
                    fitted++;
                } catch (SkippedException e) {
                    assertThat(e.getMessage())
                            .as(tasks.values(i).toString())
                            .matches("(\\d+ points from|the first point|the last point|not fitted: ).*");
                }
            }
        }
        assertThat(fitted).isPositive().isLessThan(tasks.size());
    }

    @Test
    void tasksAreLabelledAndCostMoreWithMorePoints() throws Exception {
        ModelOptions options = csp(Map.of("bands", "B n"));
        TaskList tasks = tasks(options);

        assertThat(tasks.labels()).extracting(Output::name).containsExactly("supernova", "band");
        assertThat(tasks.cost(index(tasks, "2004ef", "B"))).isGreaterThan(tasks.cost(index(tasks, "2005el", "B")));
    }

    @Test
    void resamplesAreTasksOfTheirOwnAndDependOnTheRandomStreamAlone() throws Exception {
        ModelOptions options = csp(Map.of("bands", "B", "resamples", 2L));
        TaskList tasks = tasks(options);
        int first = index(tasks, "2004ef", "B");

        assertThat(tasks.labels()).extracting(Output::name).containsExactly("supernova", "band", "resample");
        assertThat(tasks.values(first)).containsExactly("2004ef", "B", 1L);
        assertThat(tasks.values(first + 1)).containsExactly("2004ef", "B", 2L);
        Map<String, Object> once = evaluate(options, first, 7);
        assertThat(evaluate(options, first, 7)).isEqualTo(once);
        assertThat(evaluate(options, first, 8)).isNotEqualTo(once);
        assertThat(evaluate(options, first + 1, 7)).isNotEqualTo(once);
        assertThat(once).containsEntry("n_points", 30L);
    }

    @Test
    void optionsAreChecked() {
        ModelOptions noBands = csp(Map.of("bands", " , "));
        assertThatThrownBy(() -> MODEL.parameters(noBands))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("bands is empty");
        ModelOptions negative = csp(Map.of("bands", "B", "resamples", -1L));
        assertThatThrownBy(() -> MODEL.parameters(negative))
                .isInstanceOf(OptionException.class)
                .hasMessage("resamples is -1, it must be from 0 to 100000");
    }

    @Test
    void bandThatNobodyObservedIsRefused() {
        ModelOptions nobody = csp(Map.of("bands", "Q"));
        assertThatThrownBy(() -> MODEL.tasks(nobody))
                .hasMessageContaining("no supernova was observed in one of the bands [Q]");
    }

    private static ModelOptions csp(Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.put("survey", "csp3");
        all.put("data", PublishedData.folder().toString());
        return ModelOptions.of(MODEL, all);
    }

    private static TaskList tasks(ModelOptions options) throws Exception {
        return MODEL.tasks(options).orElseThrow();
    }

    private static int index(TaskList tasks, String supernova, String band) {
        int index = 0;
        while (!tasks.values(index).subList(0, 2).equals(List.of(supernova, band))) {
            index++;
        }
        return index;
    }

    private static Map<String, Object> evaluate(ModelOptions options, int index, long seed) throws Exception {
        OutputRow row = new OutputRow(MODEL.outputs(options));
        try (Evaluator evaluator = MODEL.prepare(options)) {
            evaluator.evaluate(new double[0], row, new TaskNumber(index, seed));
        }
        assertThat(row.missing()).isNull();
        Map<String, Object> outputs = new HashMap<>();
        List<Output> declared = MODEL.outputs(options);
        for (int i = 0; i < declared.size(); i++) {
            outputs.put(declared.get(i).name(), row.value(i));
        }
        return outputs;
    }

    private static double number(Map<String, Object> outputs, String name) {
        return (Double) outputs.get(name);
    }
}
