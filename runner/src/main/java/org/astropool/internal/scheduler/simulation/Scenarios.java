package org.astropool.internal.scheduler.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.astropool.internal.scheduler.LongestFirst;
import org.astropool.internal.scheduler.SchedulerOptions;
import org.astropool.internal.scheduler.UnitOrder;

/**
 * Simulations, each of which answers a question in a line of text. With a fixed seed: the same in every run, except for
 * the CPU times.
 */
public final class Scenarios {
    private static final long SEED = 20261121;
    private static final SchedulerOptions OPTIONS = SchedulerOptions.defaults();

    private Scenarios() {}

    /** All scenarios at their full size, each line as soon as it is known: about two minutes of CPU time. */
    public static void report(Consumer<String> lines) {
        lines.accept(balance(1000));
        lines.accept(shortUnits());
        lines.accept(smallCalls());
        lines.accept(losses());
        lines.accept(manyWorkers(100_000, 100));
    }

    /** How much longer than with a zero-cost queue: a second a unit, 2 us of master time each, 50 us each way. */
    static String manyWorkers(int workers, int unitsPerWorker) {
        long units = (long) workers * unitsPerWorker;
        LongUnaryOperator durations = new LogNormalDurations(SEED, 1e9, 0.5);
        Cluster cluster = new Cluster(workers, 1, 50_000, 2_000, 0);
        SimulationResult result = new Simulation(cluster, OPTIONS, List.of(SimulatedCall.of(units, durations))).run();
        long bound = ZeroCostQueue.makespanNanos(units, workers, durations);
        return format(
                "%d workers, %d units of 1 s (log-normal, sigma 0.5): makespan %.3f s, zero-cost queue %.3f s,"
                        + " ratio %.5f; scheduler %.2f us of CPU a unit; digest %016x",
                workers,
                units,
                result.makespanNanos() / 1e9,
                bound / 1e9,
                (double) result.makespanNanos() / bound,
                result.schedulerMicrosPerUnit(),
                result.digest());
    }

    /** How far from a zero-cost queue 400 units of 20 ms end on 4 workers: 0.1 ms each way. */
    static String balance(int seeds) {
        double sum = 0;
        double worst = 0;
        long worstSeed = 0;
        for (long seed = 0; seed < seeds; seed++) {
            double loss = balanceLoss(seed);
            sum += loss;
            if (loss > worst) {
                worst = loss;
                worstSeed = seed;
            }
        }
        return format(
                "400 units of 20 ms (log-normal, sigma 1) on 4 workers, %d seeds: efficiency below the bound by %.5f in"
                        + " the mean, %.5f at worst (seed %d)",
                seeds, sum / seeds, worst, worstSeed);
    }

    /** Efficiency of the zero-cost queue minus efficiency here. */
    static double balanceLoss(long seed) {
        int units = 400;
        int workers = 4;
        LongUnaryOperator durations = new LogNormalDurations(seed, 20e6, 1);
        Cluster cluster = new Cluster(workers, 1, 100_000, 2_000, 1_000);
        SimulationResult result = new Simulation(cluster, OPTIONS, List.of(SimulatedCall.of(units, durations))).run();
        double perSlot = 0;
        for (long unit = 0; unit < units; unit++) {
            perSlot += durations.applyAsLong(unit) / (double) workers;
        }
        return perSlot / ZeroCostQueue.makespanNanos(units, workers, durations) - perSlot / result.makespanNanos();
    }

    /** Units per second for units of almost no duration: in chunks, and one per message. */
    static String shortUnits() {
        Cluster cluster = new Cluster(2, 1, 10_000, 20, 1_000);
        long units = 10_000_000;
        SimulatedCall call = SimulatedCall.of(units, new LogNormalDurations(SEED, 100, 0.2));
        SimulationResult chunks = new Simulation(cluster, OPTIONS, List.of(call)).run();
        SimulatedCall singles = SimulatedCall.of(units, call.durations()).withChunkUnits(1);
        SimulationResult single = new Simulation(cluster, OPTIONS, List.of(singles)).run();
        return format(
                "%d units of 100 ns on 2 workers, 20 us round trip: %.2f million/s in %d messages, zero-cost"
                        + " queue %.2f; one a message %.2f million/s (1 us of master time a message), scheduler"
                        + " %.2f us of CPU a unit",
                units,
                units * 1e3 / chunks.makespanNanos(),
                chunks.messages(),
                units * 1e3 / ZeroCostQueue.makespanNanos(units, 2, call.durations()),
                units * 1e3 / single.makespanNanos(),
                single.schedulerMicrosPerUnit());
    }

    /** How long small calls take beside a long one. */
    static String smallCalls() {
        Cluster cluster = new Cluster(8, 2, 25_000, 1_000, 1_000);
        List<SimulatedCall> calls = new ArrayList<>();
        calls.add(SimulatedCall.of(1_000_000, new LogNormalDurations(SEED, 100e3, 0.5)));
        for (int call = 1; call <= 1000; call++) {
            calls.add(
                    SimulatedCall.of(16, new LogNormalDurations(call, 1e6, 0.5)).opensAt(call * 5_000_000L));
        }
        SimulationResult result = new Simulation(cluster, OPTIONS, calls).run();
        List<Long> small =
                result.callNanos().subList(1, calls.size()).stream().sorted().toList();
        return format(
                "1000 calls of 16 units of 1 ms beside one of 10^6 units of 0.1 ms on 16 slots: p50 %.1f ms,"
                        + " p99 %.1f ms; all done after %.3f s, without any idle slot %.3f s",
                small.get(small.size() / 2) / 1e6,
                small.get(small.size() * 99 / 100) / 1e6,
                result.makespanNanos() / 1e9,
                (1_000_000 * 100e3 + 16_000 * 1e6) / 16 / 1e9);
    }

    /** What it costs when a tenth of the workers die during the run. */
    static String losses() {
        int workers = 100;
        long units = 20_000;
        LongUnaryOperator durations = new LogNormalDurations(SEED, 100e6, 0.5);
        Simulation simulation = new Simulation(
                new Cluster(workers, 4, 50_000, 2_000, 1_000), OPTIONS, List.of(SimulatedCall.of(units, durations)));
        for (int worker = 0; worker < workers; worker += 10) {
            simulation.loseWorker(worker, 100_000_000L * (worker / 10 + 1), 500_000_000L);
        }
        SimulationResult result = simulation.run();
        return format(
                "%d units of 100 ms on %d workers of 4 slots, 10 of them lost: %d final after %.3f s, zero-cost"
                        + " queue with the other 90 %.3f s",
                units,
                workers,
                result.units(),
                result.makespanNanos() / 1e9,
                ZeroCostQueue.makespanNanos(units, 360, durations) / 1e9);
    }

    /**
     * How much longer than with a zero-cost queue these units take, as they come and the longest first, as a pool
     * orders units whose costs it knows: 50 us each way.
     *
     * @param seconds of each unit
     */
    public static String replay(double[] seconds, int workers) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        long longest = seconds.length - 1L;
        SimulatedCall call = SimulatedCall.of(seconds.length, unit -> nanos(seconds[(int) unit]));
        UnitOrder order = LongestFirst.of(UnitOrder.NATURAL, seconds.length, unit -> seconds[(int) unit], workers);
        return "as they come: " + replay(call, workers, call.durations()) + "; the longest first: "
                + replay(call.inOrder(order), workers, unit -> nanos(sorted[(int) (longest - unit)]));
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    private static String replay(SimulatedCall call, int workers, LongUnaryOperator inOrderOfQueue) {
        Cluster cluster = new Cluster(workers, 1, 50_000, 2_000, 1_000);
        SimulationResult result = new Simulation(cluster, OPTIONS, List.of(call)).run();
        long bound = ZeroCostQueue.makespanNanos(call.units(), workers, inOrderOfQueue);
        return format(
                "%d units on %d workers, makespan %.4f s, zero-cost queue %.4f s, ratio %.5f",
                call.units(),
                workers,
                result.makespanNanos() / 1e9,
                bound / 1e9,
                (double) result.makespanNanos() / bound);
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
