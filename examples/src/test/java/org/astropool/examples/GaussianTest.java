package org.astropool.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.astropool.task.Axis;
import org.astropool.task.Evaluator;
import org.astropool.task.Grid;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OptionException;
import org.astropool.task.OutputRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianTest {
    private static final Model MODEL = new Gaussian();

    @Test
    void likelihoodIntegratesToOne() throws Exception {
        ModelOptions options = ModelOptions.of(MODEL, Map.of("dimensions", 2L));
        Grid grid = new Grid(Axis.linear("x1", -8, 8, 161), Axis.linear("x2", -8, 8, 161));
        OutputRow row = new OutputRow(MODEL.outputs(options));
        double sum = 0;
        try (Evaluator evaluator = MODEL.prepare(options)) {
            for (long i = 0; i < grid.size(); i++) {
                evaluator.evaluate(grid.point(i), row, NoContext.INSTANCE);
                sum += Math.exp(row.numbers()[0]) * 0.1 * 0.1;
            }
        }
        assertThat(MODEL.parameters(options)).extracting("name").containsExactly("x1", "x2");
        assertThat(sum).isCloseTo(1, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 11})
    void dimensionsHaveLimits(long dimensions) {
        ModelOptions options = ModelOptions.of(MODEL, Map.of("dimensions", dimensions));

        assertThatThrownBy(() -> MODEL.parameters(options))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("from 1 to 10");
    }
}
