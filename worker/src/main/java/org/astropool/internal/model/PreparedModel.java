package org.astropool.internal.model;

import java.util.List;
import org.astropool.task.BatchResults;
import org.astropool.task.Evaluator;
import org.astropool.task.FailureKind;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.ProgramException;
import org.astropool.task.TaskContext;

/** A model with its data loaded. As thread-safe as its evaluator. */
final class PreparedModel {
    private final Evaluator evaluator;
    private final List<String> names;
    private final List<Output> outputs;
    private final boolean hasStrings;
    private final int logLikelihood;

    PreparedModel(Model model, ModelOptions options) throws Exception {
        this.names = model.parameters(options).stream().map(Parameter::name).toList();
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

    /** Of the parameters, in the order of a point's values. */
    List<String> names() {
        return names;
    }

    void prepare() throws Exception {
        evaluator.prepare();
    }

    void expect(List<double[]> points, long firstIndex) throws Exception {
        evaluator.expect(points, firstIndex);
    }

    void evaluate(double[][] points, BatchResults<Object> results, TaskContext context) throws Exception {
        OutputRow[] rows = new OutputRow[points.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new OutputRow(outputs);
        }
        if (points.length == 1) {
            evaluator.evaluate(points[0], rows[0], context);
        } else {
            evaluator.evaluateBatch(points, rows, context);
        }
        for (int i = 0; i < rows.length; i++) {
            report(i, rows[i], results);
        }
    }

    private void report(int i, OutputRow row, BatchResults<Object> results) {
        ProgramException failure = row.failure();
        if (failure != null) {
            results.failed(i, failure.failure());
            return;
        }
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
        results.done(i, hasStrings ? ModelRow.bytes(row) : numbers);
    }
}
