package org.astropool.internal.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.astropool.internal.engine.EngineJournal;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.RemoteFunction;
import org.astropool.pool.TaskRounds;
import org.astropool.pool.WorkerInfo;
import org.astropool.sampler.EnsembleOptions;
import org.astropool.sampler.EnsembleSampler;
import org.astropool.sampler.JointPrior;
import org.astropool.sampler.PoolEvaluator;
import org.astropool.sampler.Prior;
import org.astropool.task.BatchFunction;
import org.astropool.task.Broadcast;
import org.astropool.task.Outcome;
import org.astropool.task.RandomStreams;
import org.astropool.task.TaskFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures the cost of a task on a pool. Each figure is the median of {@value #ROUNDS} rounds after {@value #WARM_UPS}
 * warm-up rounds; a round takes at least half a second, or has so many tasks that the resolution of the clock does not
 * matter.
 */
@SuppressWarnings("serial") // its functions go to this run's own workers
final class PoolBenchmark {
    private static final int ROUNDS = 5;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS_OF_SLEEPS = 3;
    private static final double LONG_ENOUGH_SECONDS = 0.5;
    private static final int NOOP_TASKS = 4_000_000;
    private static final int SINGLE_TASKS = 400_000;
    private static final int ROUND_TRIPS = 20_000;
    private static final int ROUND_TRIPS_AFTER_IDLE = 300;
    private static final Duration SILENCE = Duration.ofMillis(5);
    private static final int MIB_RESULTS = 1_000;
    private static final int MIB_OF_DOUBLES = (1 << 20) / Double.BYTES;
    private static final int HALF_OF_THE_WALKERS = 20;
    private static final int SAMPLER_STEPS = 2_000;
    private static final int SLEEPS = 400;
    private static final double MEAN_SLEEP_SECONDS = 0.020;
    private static final Duration IDLENESS = Duration.ofSeconds(10);
    private static final long SPIN_NANOS = 150_000;

    private static final double[] POINT = {0.3, -1, 0.7, 70};
    private static final double[] RESULT_OF_ONE_MIB = new double[MIB_OF_DOUBLES];
    private static final TaskFunction<double[], Double> NOOP = point -> point[0];

    private final Pool pool;
    private final long seed;

    PoolBenchmark(Pool pool, long seed) {
        this.pool = pool;
        this.seed = seed;
    }

    /** All figures, in the layout of {@code bench --json}. */
    Map<String, Object> measure() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("pool", pool.carrier());
        figures.put("workers", pool.workers().size());
        figures.put("slots", pool.slots());
        // measured alternately, so that their ratio gives the cost of the journal even on a busy machine
        CallOptions defaults = CallOptions.defaults();
        int tasks = taskCount(NOOP_TASKS, count -> tasksPerSecond(count, defaults));
        double[] noop =
                medians(WARM_UPS, ROUNDS, () -> tasksPerSecond(tasks, defaults), () -> journalledTasksPerSecond(tasks));
        figures.put("noop", figure("tasks_per_second", noop[0], "tasks", tasks));
        CallOptions oneByOne = CallOptions.builder().chunkSize(1).build();
        int singles = taskCount(SINGLE_TASKS, count -> tasksPerSecond(count, oneByOne));
        double single = median(() -> tasksPerSecond(singles, oneByOne));
        figures.put("noop_single", figure("tasks_per_second", single));
        figures.put("noop_journalled", figure("tasks_per_second", noop[1]));
        figures.put("round_trip_us", percentiles(roundTrips(ROUND_TRIPS, Duration.ZERO)));
        figures.put("round_trip_after_idle_us", percentiles(roundTrips(ROUND_TRIPS_AFTER_IDLE, SILENCE)));
        figures.put("round_of_20_us", percentiles(rounds(ROUND_TRIPS)));
        figures.put("sampler_walker_step_us", median(this::walkerStepMicros));
        int results = taskCount(MIB_RESULTS, this::payloadMibPerSecond);
        figures.put("payload_mib_per_second", median(() -> payloadMibPerSecond(results)));
        figures.put("broadcast_64mib_seconds", median(this::broadcastSeconds));
        figures.put("balance", balance());
        figures.put("idle_cpu_percent", idleCpuPercent());
        return figures;
    }

    private static Map<String, @Nullable Object> figure(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> figure = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            figure.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return figure;
    }

    /**
     * A number of tasks for which the resolution of the clock does not matter, and which a slow carrier finishes in
     * reasonable time.
     *
     * @param most the number for a fast carrier
     * @param rate tasks per second, measured with a number of tasks
     */
    private static int taskCount(int most, IntToDoubleFunction rate) {
        int count = Math.max(1, most / 1000);
        while (count < most && count / rate.applyAsDouble(count) < LONG_ENOUGH_SECONDS) {
            count = Math.min(4 * count, most);
        }
        return count;
    }

    private static double median(DoubleSupplier measurement) {
        return medians(WARM_UPS, ROUNDS, measurement)[0];
    }

    private static double[] medians(int warmUps, int rounds, DoubleSupplier... measurements) {
        double[][] figures = new double[measurements.length][rounds];
        for (int round = -warmUps; round < rounds; round++) {
            for (int i = 0; i < measurements.length; i++) {
                double figure = measurements[i].getAsDouble();
                if (round >= 0) {
                    figures[i][round] = figure;
                }
            }
        }
        return Arrays.stream(figures)
                .mapToDouble(figure -> Arrays.stream(figure).sorted().toArray()[rounds / 2])
                .toArray();
    }

    /** As {@link #tasksPerSecond}, with every result on disk before the clock is stopped. */
    private double journalledTasksPerSecond(int tasks) {
        try {
            Path folder = Files.createTempDirectory("astropool-bench");
            Path file = folder.resolve("points.journal");
            try (Journal journal = Journal.create(file, new JournalHeader("", "bench", "noop", "", "", tasks))) {
                long start = System.nanoTime();
                tasksPerSecond(
                        tasks,
                        CallOptions.builder().journal(EngineJournal.of(journal)).build());
                journal.flush();
                return tasks / secondsSince(start);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }

    private double tasksPerSecond(int tasks, CallOptions options) {
        long begin = System.nanoTime();
        try (Stream<Outcome<Double>> outcomes = pool.stream(NOOP, new Points(tasks), options)) {
            outcomes.forEach(PoolBenchmark::requireDone);
        }
        return tasks / secondsSince(begin);
    }

    private static void requireDone(Outcome<?> outcome) {
        if (!(outcome instanceof Outcome.Done)) {
            throw new IllegalStateException("a no-op failed: " + outcome);
        }
    }

    /** Points of four doubles, with a new array for each, as in a program that generates its points. */
    private static final class Points implements Iterator<double[]> {
        private int left;

        Points(int count) {
            left = count;
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public double[] next() {
            if (left-- <= 0) {
                throw new NoSuchElementException();
            }
            return POINT.clone();
        }
    }

    private double[] roundTrips(int count, Duration silence) {
        double[] micros = new double[count];
        try (RemoteFunction<double[], Double> function = pool.function(NOOP, CallOptions.defaults())) {
            for (int i = -count; i < count; i++) { // the first half warms up
                if (!silence.isZero()) {
                    sleep(silence.toNanos(), 0);
                }
                long begin = System.nanoTime();
                function.submit(POINT).join();
                micros[Math.max(0, i)] = (System.nanoTime() - begin) * 1e-3;
            }
        }
        Arrays.sort(micros);
        return micros;
    }

    /** Half-steps of a sampler: 20 tasks at once, and a barrier. */
    private double[] rounds(int count) {
        double[] micros = new double[count];
        BatchFunction<double[], Double> noop = (points, results, context) -> results.done(0, points.get(0)[0]);
        List<double[]> points = Collections.nCopies(HALF_OF_THE_WALKERS, POINT);
        long[] numbers = new long[HALF_OF_THE_WALKERS];
        try (TaskRounds<double[], Double> rounds = pool.rounds(noop, CallOptions.defaults())) {
            for (int i = -count; i < count; i++) { // the first half warms up
                long first = (long) (i + count) * HALF_OF_THE_WALKERS;
                Arrays.setAll(numbers, n -> first + n);
                long begin = System.nanoTime();
                rounds.evaluate(numbers, points).forEach(PoolBenchmark::requireDone);
                micros[Math.max(0, i)] = (System.nanoTime() - begin) * 1e-3;
            }
        }
        Arrays.sort(micros);
        return micros;
    }

    /** The cost of one step of a walker, with a likelihood that takes no time. */
    private double walkerStepMicros() {
        JointPrior prior = JointPrior.of("x", new Prior.Flat(-10, 10)).and("y", new Prior.Flat(-10, 10));
        int walkers = 2 * HALF_OF_THE_WALKERS;
        try (PoolEvaluator evaluator =
                new PoolEvaluator(pool, point -> -(point[0] * point[0] + point[1] * point[1]) / 2)) {
            EnsembleSampler sampler = new EnsembleSampler(prior, evaluator, EnsembleOptions.of(walkers, seed));
            sampler.step();
            long begin = System.nanoTime();
            for (int step = 0; step < SAMPLER_STEPS; step++) {
                sampler.step();
            }
            return secondsSince(begin) * 1e6 / ((double) SAMPLER_STEPS * walkers);
        }
    }

    private static Map<String, Object> percentiles(double[] sorted) {
        return figure("p50", sorted[sorted.length / 2], "p99", sorted[sorted.length * 99 / 100]);
    }

    private double payloadMibPerSecond(int results) {
        TaskFunction<Double, double[]> oneMib = x -> RESULT_OF_ONE_MIB;
        long begin = System.nanoTime();
        try (Stream<Outcome<double[]>> outcomes =
                pool.stream(oneMib, Collections.nCopies(results, 1.0).iterator(), CallOptions.defaults())) {
            outcomes.forEach(PoolBenchmark::requireDone);
        }
        return results / secondsSince(begin);
    }

    /** The time until every worker has the value. */
    private double broadcastSeconds() {
        double[] value = new double[64 * MIB_OF_DOUBLES];
        long begin = System.nanoTime();
        Broadcast<double[]> broadcast = pool.broadcastUncopied(value); // the carrier is measured, not a copy
        pool.onEveryWorker(worker -> broadcast.value().length).forEach(PoolBenchmark::requireDone);
        double seconds = secondsSince(begin);
        pool.forget(broadcast);
        return seconds;
    }

    /**
     * Log-normal sleeps: the part of the slots' time that is spent in tasks, and that part for a queue without
     * overhead.
     */
    private Map<String, Object> balance() {
        double[] sleeps = new double[SLEEPS];
        var random = RandomStreams.stream(seed, 0);
        for (int i = 0; i < SLEEPS; i++) {
            sleeps[i] = MEAN_SLEEP_SECONDS * Math.exp(random.nextGaussian() - 0.5); // sigma 1; -1/2 makes that the mean
        }
        TaskFunction<Double, Double> sleep = seconds -> {
            sleep((long) (seconds * 1e9), SPIN_NANOS);
            return seconds;
        };
        List<Double> inputs = Arrays.stream(sleeps).boxed().toList();
        double sum = Arrays.stream(sleeps).sum();
        double efficiency = medians(1, ROUNDS_OF_SLEEPS, () -> {
            long begin = System.nanoTime();
            pool.map(sleep, inputs);
            return sum / (pool.slots() * secondsSince(begin));
        })[0];
        double bound = sum / (pool.slots() * makespanWithoutCost(sleeps, pool.slots()));
        return figure("efficiency", efficiency, "bound", bound, "seed", seed, "slots", pool.slots());
    }

    /** List scheduling: each task in order goes to the slot that is free first. */
    static double makespanWithoutCost(double[] durations, int slots) {
        PriorityQueue<Double> free =
                new PriorityQueue<>(IntStream.range(0, slots).mapToObj(i -> 0.0).toList());
        double makespan = 0;
        for (double duration : durations) {
            double end = free.remove() + duration;
            free.add(end);
            makespan = Math.max(makespan, end);
        }
        return makespan;
    }

    /** Sleeps, and spins for the last part of it, since a sleep ends up to 0.1 ms late. */
    private static void sleep(long nanos, long spinNanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            if (left > spinNanos) {
                LockSupport.parkNanos(left - spinNanos);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Processor time of the master and of the busiest other process during some idle seconds. */
    private Map<String, Object> idleCpuPercent() {
        Map<Long, Double> before = cpuSeconds();
        sleep(IDLENESS.toNanos(), 0);
        Map<Long, Double> after = cpuSeconds();
        double seconds = IDLENESS.toNanos() * 1e-9;
        long own = ProcessHandle.current().pid();
        @Nullable Double worker = null;
        double master = 0;
        for (Map.Entry<Long, Double> process : after.entrySet()) {
            double percent = 100 * (process.getValue() - before.getOrDefault(process.getKey(), 0.0)) / seconds;
            if (process.getKey() == own) {
                master = percent;
            } else {
                worker = worker == null ? percent : Math.max(worker, percent);
            }
        }
        return figure("master", master, "worker", worker);
    }

    private Map<Long, Double> cpuSeconds() {
        Map<Long, Double> seconds = new LinkedHashMap<>();
        List<WorkerInfo> workers = new ArrayList<>(pool.workers());
        List<Outcome<Double>> outcomes = pool.onEveryWorker(worker -> ownCpuSeconds());
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Done<Double> done) {
                seconds.put(workers.get(i).pid(), done.result());
            }
        }
        seconds.put(ProcessHandle.current().pid(), ownCpuSeconds());
        return seconds;
    }

    private static double ownCpuSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(duration -> duration.toNanos() * 1e-9)
                .orElse(Double.NaN);
    }
}
