package org.astropool.internal.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.astropool.internal.scheduler.SchedulerOptions;
import org.junit.jupiter.api.Test;

/** Times are virtual: the figures are the same on any machine. */
class SimulationTest {
    private static final double SECOND = 1e9;
    private static final double MILLISECOND = 1e6;

    @Test
    void manyWorkersEndWithinOnePercentOfAZeroCostQueue() {
        int workers = 2_000;
        long units = 50L * workers;
        LongUnaryOperator durations = new LogNormalDurations(1, SECOND, 0.5);
        SimulationResult result =
                run(new Cluster(workers, 1, 50_000, 2_000, 0), List.of(SimulatedCall.of(units, durations)));
        assertThat(result.units()).isEqualTo(units);
        assertThat(result.makespanNanos() / (double) ZeroCostQueue.makespanNanos(units, workers, durations))
                .isBetween(1.0, 1.01);
    }

    @Test
    void sameSeedGivesTheSameDecisions() {
        Cluster cluster = new Cluster(50, 2, 50_000, 2_000, 500);
        List<SimulatedCall> calls = List.of(
                SimulatedCall.of(20_000, new LogNormalDurations(1, MILLISECOND, 1)),
                SimulatedCall.of(500, new LogNormalDurations(2, 10 * MILLISECOND, 1))
                        .opensAt(20_000_000));
        List<SimulatedCall> otherSeed =
                List.of(SimulatedCall.of(20_000, new LogNormalDurations(3, MILLISECOND, 1)), calls.get(1));
        SimulationResult first = run(cluster, calls);
        SimulationResult second = run(cluster, calls);
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(second.callNanos()).isEqualTo(first.callNanos());
        assertThat(run(cluster, otherSeed).digest()).isNotEqualTo(first.digest());
    }

    @Test
    void fewUnevenUnitsAreAsWellBalancedAsByAZeroCostQueue() {
        for (long seed = 0; seed < 300; seed++) {
            assertThat(Scenarios.balanceLoss(seed))
                    .as("efficiency of the zero-cost queue minus that of the scheduler, seed %d", seed)
                    .isLessThan(0.01);
        }
    }

    @Test
    void veryShortUnitsHaveLittleOverhead() {
        LongUnaryOperator durations = new LogNormalDurations(1, 100, 0);
        long units = 2_000_000;
        SimulationResult result =
                run(new Cluster(2, 1, 10_000, 20, 1_000), List.of(SimulatedCall.of(units, durations)));
        assertThat(result.makespanNanos()).isLessThan((long) (1.05 * units * 100 / 2));
        assertThat(result.messages()).isLessThan(2_000);
    }

    @Test
    void oneShortUnitPerMessageKeepsTheMasterFullyBusy() {
        long units = 100_000;
        long masterNanosPerMessage = 1_000;
        SimulatedCall call =
                SimulatedCall.of(units, new LogNormalDurations(1, 100, 0)).withChunkUnits(1);
        SimulationResult result = run(new Cluster(2, 1, 10_000, 0, masterNanosPerMessage), List.of(call));
        assertThat(result.messages()).isEqualTo(2 * units);
        assertThat(result.makespanNanos()).isLessThan((long) (1.01 * 2 * units * masterNanosPerMessage));
    }

    @Test
    void smallCallsDoNotWaitForALongOne() {
        List<SimulatedCall> calls = new ArrayList<>();
        calls.add(SimulatedCall.of(100_000, new LogNormalDurations(1, MILLISECOND / 10, 0.5)));
        for (int call = 1; call <= 50; call++) {
            calls.add(SimulatedCall.of(8, new LogNormalDurations(call, MILLISECOND, 0))
                    .opensAt(call * 10_000_000L));
        }
        SimulationResult result = run(new Cluster(8, 2, 25_000, 1_000, 1_000), calls);
        // what was sent before takes up to two chunks of 16 ms, then each of 8 of the 16 slots evaluates one unit
        assertThat(result.callNanos().subList(1, calls.size())).allMatch(nanos -> nanos > 0 && nanos < 40_000_000);
    }

    @Test
    void noUnitIsLostWithTheWorkers() {
        long units = 5_000;
        Simulation simulation = new Simulation(
                new Cluster(20, 4, 50_000, 2_000, 1_000),
                SchedulerOptions.defaults(),
                List.of(SimulatedCall.of(units, new LogNormalDurations(1, 10 * MILLISECOND, 0.5))));
        for (int worker = 0; worker < 19; worker++) {
            simulation.loseWorker(worker, 20_000_000L * worker, 5_000_000);
        }
        SimulationResult result = simulation.run();
        assertThat(result.units()).isEqualTo(units);
        assertThat(result.callNanos().get(0)).isPositive();
    }

    private static SimulationResult run(Cluster cluster, List<SimulatedCall> calls) {
        return new Simulation(cluster, SchedulerOptions.defaults(), calls).run();
    }
}
