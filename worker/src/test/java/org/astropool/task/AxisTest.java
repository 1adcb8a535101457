package org.astropool.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void aLinearAxisIsLinspaceToTheBit() {
        // numpy.linspace(0, 0.6, 41)[[1, 3, 7, 40]] and numpy.linspace(-2, -0.4, 41)[[1, 13]]
        Axis omegaM = Axis.linear("omega_m", 0, 0.6, 41);
        assertThat(omegaM.value(1)).isEqualTo(0.015);
        assertThat(omegaM.value(3)).isEqualTo(3 * 0.015);
        assertThat(omegaM.value(7)).isEqualTo(7 * 0.015);
        assertThat(omegaM.value(40)).isEqualTo(0.6);
        Axis w = Axis.linear("w", -2, -0.4, 41);
        assertThat(w.value(13)).isEqualTo(13 * (1.6 / 40) - 2);
        assertThat(w.value(40)).isEqualTo(-0.4);
    }

    @Test
    void aLogAxisHasExactEnds() {
        Axis axis = Axis.log("k", 1e-3, 0.3, 7);

        assertThat(axis.value(0)).isEqualTo(1e-3);
        assertThat(axis.value(6)).isEqualTo(0.3);
        assertThat(axis.value(3)).isCloseTo(Math.sqrt(1e-3 * 0.3), org.assertj.core.data.Offset.offset(1e-15));
    }

    @Test
    void impossibleAxesAreRefused() {
        assertThatThrownBy(() -> Axis.linear("w", 0, 1, 0)).hasMessageContaining("count is 0");
        assertThatThrownBy(() -> Axis.linear("w", 1, 0, 5)).hasMessageContaining("from 1.0 is above to 0.0");
        assertThatThrownBy(() -> Axis.linear("w", 0, 1, 1)).hasMessageContaining("count = 1");
        assertThatThrownBy(() -> Axis.linear("w", Double.NaN, 1, 3)).hasMessageContaining("finite");
        assertThatThrownBy(() -> Axis.log("w", 0, 1, 3)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> Axis.of("w")).hasMessageContaining("no values");
        assertThatThrownBy(() -> Axis.of("ap_w", 1)).hasMessageContaining("astropool's own");
    }

    @Test
    void theLastAxisOfAGridVariesFastest() {
        Grid grid = new Grid(Axis.of("a", 1, 2), Axis.of("b", 10, 20, 30));

        assertThat(grid.size()).isEqualTo(6);
        assertThat(grid.point(0)).containsExactly(1, 10);
        assertThat(grid.point(1)).containsExactly(1, 20);
        assertThat(grid.point(5)).containsExactly(2, 30);
        assertThatThrownBy(() -> new Grid(Axis.of("a", 1), Axis.of("A", 2))).hasMessageContaining("given twice");
    }
}
