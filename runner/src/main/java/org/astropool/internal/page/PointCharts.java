package org.astropool.internal.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.task.Output;

/** A sample of the points, and the distribution of each output. */
final class PointCharts {
    private static final int MOST_CELLS = 60_000;
    private static final int MOST_ROWS = 4_000;
    private static final int MOST_COLUMNS = 40;
    private static final int MOST_VALUES = 100_000;
    private static final int BINS = 40;

    private final EvaluationResult result;
    private final EvaluationSpec spec;

    PointCharts(EvaluationResult result) {
        this.result = result;
        this.spec = result.spec();
    }

    /** The columns of the sample: parameters that vary, numeric outputs, seconds. */
    Map<String, Object> sample() {
        List<Output> outputs = numericOutputs();
        int columns = spec.points().names().size() + outputs.size() + 1;
        int[] points = Sampling.withOutcome(result, Math.min(MOST_ROWS, MOST_CELLS / columns));
        List<Object> all = new ArrayList<>();
        double[][] coordinates =
                IntStream.of(points).mapToObj(result::coordinates).toArray(double[][]::new);
        List<String> names = spec.points().names();
        for (int p = 0; p < Math.min(names.size(), MOST_COLUMNS); p++) {
            int parameter = p;
            all.add(column(
                    names.get(p),
                    "parameter",
                    unit(names.get(p)),
                    IntStream.range(0, points.length)
                            .mapToDouble(row -> coordinates[row][parameter])
                            .toArray()));
        }
        for (Output output : outputs) {
            all.add(column(
                    output.name(),
                    "output",
                    output.unit(),
                    IntStream.of(points).mapToDouble(number(output)).toArray()));
        }
        all.add(column(
                "seconds",
                "duration",
                "s",
                IntStream.of(points).mapToDouble(result.timings()::seconds).toArray()));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("index", points);
        fields.put(
                "status",
                IntStream.of(points)
                        .map(point -> result.status(point).ordinal())
                        .toArray());
        fields.put("of", result.evaluated());
        fields.put("columns", all);
        return fields;
    }

    private String unit(String parameter) {
        try {
            return spec.parameter(parameter).unit();
        } catch (IllegalArgumentException e) {
            return ""; // the record of an earlier release does not declare parameters
        }
    }

    private static Map<String, Object> column(String name, String kind, String unit, double[] values) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("kind", kind);
        fields.put("unit", unit);
        fields.put("values", values);
        return fields;
    }

    private List<Output> numericOutputs() {
        return spec.outputs().stream()
                .filter(output -> output.type() != Output.Type.STRING && output.type() != Output.Type.DOUBLE_VECTOR)
                .filter(output ->
                        result.isHeld(output.name())) // the others would be read from the disk again and again
                .limit(MOST_COLUMNS)
                .toList();
    }

    private IntToDoubleFunction number(Output output) {
        int position = spec.outputs().indexOf(output);
        return point -> {
            Object value = result.value(position, point);
            return value instanceof Number number
                    ? number.doubleValue()
                    : value instanceof Boolean flag ? (flag ? 1 : 0) : Double.NaN;
        };
    }

    /** Quantiles and a histogram of each numeric output over the points that are ok. */
    List<Object> outputs() {
        int[] points = Sampling.ok(result, MOST_VALUES);
        List<Object> all = new ArrayList<>();
        for (Output output : numericOutputs()) {
            double[] sorted = Sampling.sortedFinite(
                    IntStream.of(points).mapToDouble(number(output)).toArray());
            if (sorted.length > 0) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("name", output.name());
                fields.put("unit", output.unit());
                fields.put("description", output.description());
                fields.put("count", sorted.length);
                fields.put("not_finite", points.length - sorted.length);
                fields.put(
                        "quantiles",
                        List.of(
                                sorted[0],
                                Sampling.quantile(sorted, 0.16),
                                Sampling.quantile(sorted, 0.5),
                                Sampling.quantile(sorted, 0.84),
                                sorted[sorted.length - 1]));
                fields.put("histogram", histogram(sorted));
                all.add(fields);
            }
        }
        return all;
    }

    private static int[] histogram(double[] sorted) {
        int[] counts = new int[BINS];
        double least = sorted[0];
        double width = (sorted[sorted.length - 1] - least) / BINS;
        for (double value : sorted) {
            counts[width > 0 ? Math.min(BINS - 1, (int) ((value - least) / width)) : BINS / 2]++;
        }
        return counts;
    }
}
