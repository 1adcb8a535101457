package org.astropool.internal.job.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.DoubleConsumer;
import java.util.function.DoublePredicate;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;

/** Counts the evaluations of each point in this JVM; tests decide what fails, and what happens meanwhile. */
public final class CountingModel implements Model {
    /** How often each value of "a" was evaluated. */
    static final Map<Double, Integer> CALLS = new ConcurrentHashMap<>();

    private static volatile DoublePredicate failing = a -> false;
    private static volatile DoubleConsumer meanwhile = a -> {};

    static void reset() {
        CALLS.clear();
        failing = a -> false;
        meanwhile = a -> {};
    }

    static void failAt(DoublePredicate which) {
        failing = which;
    }

    /** What every evaluation does first. */
    static void meanwhile(DoubleConsumer what) {
        meanwhile = what;
    }

    /** Never opened: a task that waits for it hangs until it is interrupted. */
    static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public String name() {
        return "counting";
    }

    @Override
    public String description() {
        return "counts";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption("batch", ModelOption.Type.INTEGER, 1L, List.of(), "points a batch"),
                new ModelOption("scale", ModelOption.Type.NUMBER, 1.0, List.of(), "of the output"),
                new ModelOption("data", ModelOption.Type.PATH, "none", List.of(), "a file, or \"none\""));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of(new Parameter("a", "", -1e9, 1e9, "first"));
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.logLikelihood(),
                Output.number("random", "", "a random number"),
                new Output("word", Output.Type.STRING, 1, "", "a word"));
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        Path data = options.path("data");
        return data.endsWith("none") ? List.of() : List.of(data);
    }

    @Override
    public int batchSize(ModelOptions options) {
        return (int) options.integer("batch");
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        double scale = options.number("scale");
        return (point, row, context) -> {
            double a = point[0];
            CALLS.merge(a, 1, Integer::sum);
            meanwhile.accept(a);
            if (failing.test(a)) {
                throw new IllegalStateException("told to fail");
            }
            row.set(0, -0.5 * scale * (a - 20) * (a - 20));
            row.set(1, context.random().nextDouble());
            row.setString(2, "point " + a);
        };
    }
}
