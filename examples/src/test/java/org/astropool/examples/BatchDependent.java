package org.astropool.examples;

import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.TaskContext;

/** A model whose result depends on the batch that a point was in, as the last bits of a matrix product do. */
public final class BatchDependent implements Model {

    @Override
    public String name() {
        return "batch-dependent";
    }

    @Override
    public String description() {
        return "depends on the batch that a point was in";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(new ModelOption("batch", ModelOption.Type.INTEGER, 7L, List.of(), "points in a batch"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of(new Parameter("x", "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "what is added up"));
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.logLikelihood(),
                Output.number("batch_sum", "", "sum of x over the batch"),
                new Output("batch_points", Output.Type.LONG, 1, "", "points in the batch"));
    }

    @Override
    public int batchSize(ModelOptions options) {
        return (int) options.integer("batch");
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        return new Evaluator() {
            @Override
            public void evaluate(double[] point, OutputRow row, TaskContext context) {
                evaluateBatch(new double[][] {point}, new OutputRow[] {row}, context);
            }

            @Override
            public void evaluateBatch(double[][] points, OutputRow[] rows, TaskContext context) {
                double sum = 0;
                for (double[] point : points) {
                    sum += point[0];
                }
                for (int i = 0; i < points.length; i++) {
                    rows[i].set(0, -points[i][0] * points[i][0] - sum * 1e-3);
                    rows[i].set(1, sum);
                    rows[i].setLong(2, points.length);
                }
            }
        };
    }
}
