package org.astropool.task;

import java.util.List;
import java.util.Map;

/** A model with its data loaded, and where the values of its parameters come from. As thread-safe as its evaluator. */
final class PreparedModel {
    private final Evaluator evaluator;
    private final Grid grid;
    private final double[] fixedPoint;
    private final int[] parameterOfAxis;
    private final List<Output> outputs;
    private final boolean hasStrings;
    private final int logLikelihood;

    PreparedModel(Model model, ModelOptions options, Grid grid, Map<String, Double> fixed) throws Exception {
        List<String> names =
                model.parameters(options).stream().map(Parameter::name).toList();
        this.grid = grid;
        this.fixedPoint = names.stream()
                .mapToDouble(name -> fixed.getOrDefault(name, Double.NaN))
                .toArray();
        this.parameterOfAxis = grid.axes().stream()
                .mapToInt(axis -> names.indexOf(axis.name()))
                .toArray();
        this.outputs = model.outputs(options);
        this.hasStrings = outputs.stream().anyMatch(output -> output.type() == Output.Type.STRING);
        this.logLikelihood = numberOffset(outputs, Output.LOG_LIKELIHOOD);
        this.evaluator = model.prepare(options);
    }

    private static int numberOffset(List<Output> outputs, String name) {
        int offset = 0;
        for (Output output : outputs) {
            if (output.name().equals(name)) {
                return offset;
            }
            offset += output.type() == Output.Type.STRING ? 0 : output.length();
        }
        return -1;
    }

    void evaluate(List<Long> indices, BatchResults<Object> results, TaskContext context) throws Exception {
        int count = indices.size();
        double[][] points = new double[count][];
        OutputRow[] rows = new OutputRow[count];
        double[] coordinates = new double[parameterOfAxis.length];
        for (int i = 0; i < count; i++) {
            points[i] = point(indices.get(i), coordinates);
            rows[i] = new OutputRow(outputs);
        }
        if (count == 1) {
            evaluator.evaluate(points[0], rows[0], context);
        } else {
            evaluator.evaluateBatch(points, rows, context);
        }
        for (int i = 0; i < count; i++) {
            report(i, rows[i], results);
        }
    }

    private double[] point(long index, double[] coordinates) {
        double[] point = fixedPoint.clone();
        grid.point(index, coordinates);
        for (int axis = 0; axis < coordinates.length; axis++) {
            point[parameterOfAxis[axis]] = coordinates[axis];
        }
        return point;
    }

    private void report(int i, OutputRow row, BatchResults<Object> results) {
        String skipReason = row.skipReason();
        if (skipReason != null) {
            results.skipped(i, skipReason);
            return;
        }
        String missing = row.missing();
        if (missing != null) {
            results.failed(i, FailureKind.EXCEPTION, "the model did not set its output \"" + missing + "\"");
            return;
        }
        double[] numbers = row.numbers();
        if (logLikelihood >= 0 && !(numbers[logLikelihood] < Double.POSITIVE_INFINITY)) {
            results.failed(i, FailureKind.NOT_A_NUMBER, Output.LOG_LIKELIHOOD + " is " + numbers[logLikelihood]);
            return;
        }
        results.done(i, hasStrings ? ModelRow.of(row) : numbers);
    }
}
