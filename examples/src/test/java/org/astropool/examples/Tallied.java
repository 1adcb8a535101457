package org.astropool.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Random numbers, and a count of all evaluations: each one appends a byte to a file. The file and how long a point
 * takes are told by the environment, so that they make no difference to the job and its results.
 */
public final class Tallied implements Model {
    /** The file; without it nothing is counted. */
    public static final String TALLY = "ASTROPOOL_TEST_TALLY";
    /** How many milliseconds a point takes, by waiting; 0 when absent. */
    public static final String SLEEP_MS = "ASTROPOOL_TEST_SLEEP_MS";

    @Override
    public String name() {
        return "tallied";
    }

    @Override
    public String description() {
        return "random numbers, and a count of evaluations";
    }

    @Override
    public List<ModelOption> options() {
        return List.of();
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of(new Parameter("x", "", 0, 1, "a factor"));
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(Output.number("value", "", "x times a random number"));
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        @Nullable String tally = System.getenv(TALLY);
        long sleep = Long.parseLong(System.getenv().getOrDefault(SLEEP_MS, "0"));
        return (point, row, context) -> {
            TimeUnit.MILLISECONDS.sleep(sleep);
            if (tally != null) {
                Files.write(Path.of(tally), new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            row.set(0, point[0] * context.random().nextDouble());
        };
    }
}
