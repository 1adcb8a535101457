package org.astropool.internal.job.run;

import java.nio.file.Path;
import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.SkippedException;

/**
 * A normal likelihood in (a, b) with every type of output, and every way to go wrong: at a = 13 it throws, at 14 it
 * gives NaN, at 15 it does not apply, at 16 the likelihood is zero, at 17 another output is NaN, at 18 it never ends.
 */
public final class SampleModel implements Model {
    static final List<Parameter> PARAMETERS = List.of(
            new Parameter("a", "mag", -100, 100, "first parameter"),
            new Parameter("b", "", -100, 100, "second parameter, σ"));
    static final List<Output> OUTPUTS = List.of(
            Output.logLikelihood(),
            Output.number("product", "km/s", "a times b"),
            new Output("steps", Output.Type.LONG, 1, "", "a count"),
            new Output("good", Output.Type.BOOLEAN, 1, "", "a flag"),
            new Output("word", Output.Type.STRING, 1, "", "a word"),
            new Output("pair", Output.Type.DOUBLE_VECTOR, 2, "mag", "two numbers"));

    @Override
    public String name() {
        return "sample";
    }

    @Override
    public String description() {
        return "a normal likelihood";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption("center", ModelOption.Type.NUMBER, 0.0, List.of(), "where the likelihood peaks"),
                new ModelOption("kind", ModelOption.Type.STRING, "plain", List.of("plain", "fancy"), "no effect"),
                new ModelOption("data", ModelOption.Type.PATH, "", List.of(), "a file, or nothing"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return PARAMETERS;
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return OUTPUTS;
    }

    @Override
    public List<Path> dataFiles(ModelOptions options) {
        Path data = options.path("data");
        return data.getFileName().toString().endsWith(".txt") ? List.of(data) : List.of();
    }

    @Override
    public int batchSize(ModelOptions options) {
        return 4;
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        double center = options.number("center");
        return (point, row, context) -> evaluate(center, point, row);
    }

    private static void evaluate(double center, double[] point, OutputRow row) throws Exception {
        double a = point[0];
        double b = point[1];
        if (a == 13) {
            throw new IllegalStateException("thirteen\nis bad");
        }
        if (a == 15) {
            throw new SkippedException("fifteen does not \"apply\"");
        }
        if (a == 18) {
            Thread.sleep(1_000_000);
        }
        double logLikelihood = -0.5 * ((a - center) * (a - center) + b * b);
        row.set(0, a == 14 ? Double.NaN : a == 16 ? Double.NEGATIVE_INFINITY : logLikelihood);
        row.set(1, a == 17 ? Double.NaN : a * b);
        row.setLong(2, (1L << 53) + 1);
        row.setBoolean(3, b > 0);
        row.setString(4, a == 17 ? "" : "né \"" + (int) b + "\"");
        row.setVector(5, new double[] {a, a == 17 ? Double.NEGATIVE_INFINITY : b});
    }
}
