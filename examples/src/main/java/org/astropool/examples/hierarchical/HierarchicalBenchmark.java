package org.astropool.examples.hierarchical;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.astropool.examples.lightcurve.BazinLightCurve;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.OutputRow;
import org.astropool.task.RandomStreams;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskContext;

/**
 * Prints how long one fit of layer 1 and one likelihood of layer 3 take, in one thread: {@code scripts/astropool exec
 * org.astropool.examples.hierarchical.HierarchicalBenchmark [DATA]}.
 */
public final class HierarchicalBenchmark {
    private static final int WARM_UPS = 30;
    private static final int RUNS = 7;
    private static final int LIKELIHOODS = 5_000;

    private static final double[] JLA_WITHOUT_COSMOLOGY = {0.14, 3.1, -19.05, -0.06, 0.1, 0, 1, -0.03, 0.08};

    private HierarchicalBenchmark() {}

    /**
     * Measures.
     *
     * @param args the folder that holds the data sets' folders, else ASTROPOOL_DATA, else examples/data
     * @throws Exception when data are missing or malformed
     */
    public static void main(String[] args) throws Exception {
        String fromEnvironment = System.getenv().getOrDefault("ASTROPOOL_DATA", "examples/data");
        String data = args.length > 0 ? args[0] : fromEnvironment;
        PrintStream out = System.out;
        out.println("milliseconds, medians of " + RUNS + " runs in one thread");
        out.printf(Locale.ROOT, "bazin-light-curve, a fit, CSP in B and V       %8.4f%n", fit(data));
        out.printf(Locale.ROOT, "supernova-hierarchical, JLA, cosmology fixed   %8.4f%n", likelihood(data, "fixed"));
        out.printf(
                Locale.ROOT, "supernova-hierarchical, JLA, flat LCDM         %8.4f%n", likelihood(data, "flat-lcdm"));
        out.printf(
                Locale.ROOT, "supernova-hierarchical, JLA, flat wCDM         %8.4f%n", likelihood(data, "flat-wcdm"));
    }

    /** Of the light curves that can be fitted; those that are skipped for their coverage take no time. */
    private static double fit(String data) throws Exception {
        Model model = new BazinLightCurve();
        ModelOptions options = ModelOptions.of(model, Map.of("data", data, "survey", "csp3", "bands", "B,n,m,o"));
        int tasks = model.tasks(options).orElseThrow().size();
        try (Evaluator evaluator = model.prepare(options)) {
            OutputRow row = new OutputRow(model.outputs(options));
            return median(() -> {
                int fits = 0;
                long start = System.nanoTime();
                for (int i = 0; i < tasks; i++) {
                    fits += fits(evaluator, row, i) ? 1 : 0;
                }
                return (System.nanoTime() - start) / 1e6 / fits;
            });
        }
    }

    private static boolean fits(Evaluator evaluator, OutputRow row, int task) throws Exception {
        try {
            evaluator.evaluate(new double[0], row, new Task(task));
            return true;
        } catch (SkippedException e) {
            return String.valueOf(e.getMessage()).startsWith("not fitted");
        }
    }

    private static double likelihood(String data, String cosmology) throws Exception {
        Model model = new SupernovaHierarchical();
        ModelOptions options =
                ModelOptions.of(model, Map.of("data", Path.of(data).toString(), "cosmology", cosmology));
        int free = UniverseOptions.parameters(options).size();
        double[] point = new double[free + JLA_WITHOUT_COSMOLOGY.length];
        double[] universe = {0.3, -1};
        System.arraycopy(universe, 0, point, 0, free);
        System.arraycopy(JLA_WITHOUT_COSMOLOGY, 0, point, free, JLA_WITHOUT_COSMOLOGY.length);
        try (Evaluator evaluator = model.prepare(options)) {
            OutputRow row = new OutputRow(model.outputs(options));
            return median(() -> {
                long start = System.nanoTime();
                for (int i = 0; i < LIKELIHOODS; i++) {
                    point[free] = 0.14 + 1e-6 * i; // alpha
                    evaluator.evaluate(point, row, new Task(i));
                }
                return (System.nanoTime() - start) / 1e6 / LIKELIHOODS;
            });
        }
    }

    /** A run, which says how many milliseconds one evaluation has taken. */
    @FunctionalInterface
    private interface Run {
        double milliseconds() throws Exception;
    }

    private static double median(Run run) throws Exception {
        for (int i = 0; i < WARM_UPS; i++) {
            run.milliseconds();
        }
        double[] runs = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            runs[i] = run.milliseconds();
        }
        Arrays.sort(runs);
        return runs[RUNS / 2];
    }

    /** Evaluations outside of a pool. */
    private record Task(long index) implements TaskContext {

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public int worker() {
            return 0;
        }

        @Override
        public RandomGenerator random() {
            return RandomStreams.stream(0, index);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }
}
