package org.astropool.examples.hierarchical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.astropool.examples.NoContext;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OutputRow;
import org.junit.jupiter.api.Test;

/** Against numbers of an independent program (numpy) on the 472 supernovae with their six matrices. */
class Snls3LikelihoodTest {
    private static final Model MODEL = new SupernovaSnls3();

    @Test
    void chi2OfOneRelationAndOfTheBest() throws Exception {
        ModelOptions options = Evaluated.options(MODEL, Map.of());
        try (Evaluator evaluator = MODEL.prepare(options)) {
            assertThat(chi2(evaluator, options, 0.3, 1.4, 3.2, -19.1, -0.07)).isCloseTo(413.0801100632, within(1e-8));
            assertThat(chi2(evaluator, options, 0.226839, 1.424051, 3.256613, -19.155330, -0.050364))
                    .isCloseTo(407.770519, within(1e-6));
            assertThat(chi2(evaluator, options, -1, 1.4, 3.2, -19.1, -0.07)).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(chi2(evaluator, options, 0.3, Double.NaN, 3.2, -19.1, -0.07))
                    .isNaN();
        }
    }

    private static double chi2(Evaluator evaluator, ModelOptions options, double... point) throws Exception {
        OutputRow row = new OutputRow(MODEL.outputs(options));
        evaluator.evaluate(point, row, NoContext.INSTANCE);
        assertThat((Double) row.value(0)).isEqualTo(Double.valueOf(-(Double) row.value(1) / 2));
        return (Double) row.value(1);
    }
}
