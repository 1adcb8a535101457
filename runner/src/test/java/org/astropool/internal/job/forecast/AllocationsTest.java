package org.astropool.internal.job.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AllocationsTest {
    private static final int POINTS = 100;

    /** Points that take 100 s each. */
    private static Forecast forecast() {
        double[] seconds = new double[20];
        Arrays.fill(seconds, 100);
        return new Forecast(DurationModel.of(new double[20][0], seconds), POINTS, i -> new double[0], 1);
    }

    private static Allocations allocations(int workersPerNode, int workersOfMaster) {
        return new Allocations(
                forecast(),
                new Request(
                        4,
                        workersPerNode,
                        workersOfMaster,
                        1,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalInt.empty(),
                        List.of()));
    }

    /** With a second node, the first one has no worker any more: 50 %. With ten it is 90 %. */
    @Test
    void pointsThatNeedAWholeNodePayOnMoreThanTwoNodes() {
        Allocations allocations = allocations(1, 0);

        assertThat(allocations.on(2).efficiency()).isLessThan(Allocations.WORTHWHILE);
        assertThat(allocations.worthwhileNodes()).isGreaterThan(10);
        assertThat(allocations.on(allocations.worthwhileNodes()).efficiency())
                .isGreaterThanOrEqualTo(Allocations.WORTHWHILE);
    }

    @Test
    void moreWorkersThanPointsAreNotSimulated() {
        assertThat(forecast().on(Integer.MAX_VALUE).wallSeconds().median()).isBetween(99.0, 101.0);
        assertThat(allocations(1 << 20, 1 << 20).on(1 << 20).workers()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void coreHoursHaveNoExponent() {
        assertThat(List.of(
                        Allocations.hours(0.0000755),
                        Allocations.hours(0.5),
                        Allocations.hours(12.345),
                        Allocations.hours(5000),
                        Allocations.hours(1234567)))
                .containsExactly("0.0000755", "0.500", "12.3", "5000", "1234567");
    }
}
