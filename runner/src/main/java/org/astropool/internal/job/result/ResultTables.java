package org.astropool.internal.job.result;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.astropool.internal.job.VisibleText;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.table.CellText;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnData;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.ColumnStarTable;
import uk.ac.starlink.table.DefaultValueInfo;
import uk.ac.starlink.table.DescribedValue;
import uk.ac.starlink.table.StarTable;

/** Results as tables, read from the arrays of the result as they are written. */
public final class ResultTables {
    private final EvaluationResult result;
    private final EvaluationSpec spec;

    public ResultTables(EvaluationResult result) {
        this.result = result;
        this.spec = result.spec();
    }

    /**
     * One row per point: index, labels of tasks, parameters that vary, outputs, with priors log_prior and
     * log_posterior, status.
     */
    public StarTable results() {
        return results(IntStream.range(0, result.points()).toArray());
    }

    /** The rows of the points that have an outcome. */
    public StarTable resultsSoFar() {
        return results(result.withOutcome().toArray());
    }

    private StarTable results(int[] points) {
        ColumnStarTable table = ColumnStarTable.makeTableWithRows(points.length);
        table.setName(spec.name());
        Metadata.of(spec).forEach(table::setParameter);
        table.addColumn(column("index", Long.class, "", "number of the point", row -> (long) points[(int) row]));
        addNames(table, row -> (long) points[(int) row]);
        for (int i = 0; i < spec.outputs().size(); i++) {
            Output output = spec.outputs().get(i);
            int position = i;
            ColumnData column = output(output, row -> result.value(position, points[(int) row]));
            table.addColumn(column);
        }
        if (spec.hasPriors()) {
            addPosterior(table, points);
        }
        table.addColumn(column(
                "status",
                String.class,
                "",
                "ok, failed or skipped",
                row -> result.status(points[(int) row]).label()));
        return table;
    }

    /**
     * The points of a part of a design that are ok: index, parameters, outputs. For files of arrays, the parameters are
     * one column {@code theta} and all outputs that are not strings one column {@code x}, since those who train
     * networks need two matrices.
     *
     * @param from the first point
     * @param to the point after the last one
     */
    public StarTable training(int from, int to, TableFormat format) {
        int[] points = IntStream.range(from, to).filter(result::isOk).toArray();
        ColumnStarTable table = ColumnStarTable.makeTableWithRows(points.length);
        table.setName(spec.name());
        Metadata.of(spec).forEach(table::setParameter);
        table.addColumn(column("index", Long.class, "", "number of the point", row -> (long) points[(int) row]));
        if (format.holdsArrays()) {
            addMatrices(table, points);
        } else {
            addNames(table, row -> (long) points[(int) row]);
        }
        for (int i = 0; i < spec.outputs().size(); i++) {
            Output output = spec.outputs().get(i);
            int position = i;
            if (!format.holdsArrays() || output.type() == Output.Type.STRING) {
                ColumnData column = output(output, row -> result.value(position, points[(int) row]));
                table.addColumn(column);
            }
        }
        return table;
    }

    private void addMatrices(ColumnStarTable table, int[] points) {
        List<String> names = spec.points().names();
        ColumnData theta = matrix("theta", "parameters", names.size(), row -> result.coordinates(points[(int) row]));
        table.addColumn(theta);
        table.setParameter(
                Metadata.entry("theta_names", names.toArray(String[]::new), "names of the columns of theta"));
        List<String> numbers = new ArrayList<>();
        for (Output output : spec.outputs()) {
            if (output.type() == Output.Type.DOUBLE_VECTOR) {
                IntStream.range(0, output.length()).forEach(i -> numbers.add(output.name() + "[" + i + "]"));
            } else if (output.type() != Output.Type.STRING) {
                numbers.add(output.name());
            }
        }
        if (!numbers.isEmpty()) {
            ColumnData x =
                    matrix("x", "outputs of the model", numbers.size(), row -> result.outputNumbers(points[(int) row]));
            table.addColumn(x);
            table.setParameter(Metadata.entry("x_names", numbers.toArray(String[]::new), "names of the columns of x"));
        }
    }

    private static ColumnData matrix(String name, String description, int width, LongFunction<double[]> value) {
        ColumnData column = column(name, double[].class, "", description, value);
        column.getColumnInfo().setShape(new int[] {width});
        return column;
    }

    private void addPosterior(ColumnStarTable table, int[] points) {
        table.addColumn(column(
                EvaluationSpec.LOG_PRIOR,
                Double.class,
                "",
                "natural logarithm of the prior density",
                row -> result.logPrior(points[(int) row])));
        if (spec.hasLikelihood()) {
            table.addColumn(column(
                    EvaluationSpec.LOG_POSTERIOR,
                    Double.class,
                    "",
                    "log_prior + log_likelihood, not normalized",
                    row -> result.isOk(points[(int) row]) ? result.logPosterior(points[(int) row]) : null));
        }
    }

    /** One row per point that failed or was skipped. */
    public StarTable failures() {
        List<PointFailure> failures = result.failures();
        ColumnStarTable table = ColumnStarTable.makeTableWithRows(failures.size());
        table.setName(spec.name() + "-failures");
        List<ColumnData> columns = new ArrayList<>();
        columns.add(column(
                "index",
                Long.class,
                "",
                "number of the point",
                row -> failure(failures, row).index()));
        columns.forEach(table::addColumn);
        addNames(table, row -> failure(failures, row).index());
        table.addColumn(
                text("kind", "what went wrong", row -> failure(failures, row).kind()));
        table.addColumn(text(
                "message",
                "message of the failure, or why the point was skipped",
                row -> oneLine(failure(failures, row).reason())));
        table.addColumn(
                text("host", "where it happened", row -> failure(failures, row).host()));
        table.addColumn(column(
                "attempts",
                Integer.class,
                "",
                "number of executions of the point",
                row -> failure(failures, row).attempts()));
        table.addColumn(text(
                "stderr",
                "last lines that its process wrote to standard error",
                row -> oneLine(failure(failures, row).output())));
        return table;
    }

    private static PointFailure failure(List<PointFailure> failures, long row) {
        return failures.get((int) row);
    }

    /** Text tables have one line per row. */
    private static String oneLine(String message) {
        return VisibleText.of(message.strip().replaceAll("\\s*\\R\\s*", " | "));
    }

    /** One row per point that was evaluated. */
    public StarTable timings() {
        Timings timings = result.timings();
        int[] points = timings.evaluated().toArray();
        ColumnStarTable table = ColumnStarTable.makeTableWithRows(points.length);
        table.setName(spec.name() + "-timings");
        table.addColumn(column("index", Long.class, "", "number of the point", row -> (long) points[(int) row]));
        table.addColumn(column(
                "seconds", Double.class, "s", "time of the evaluation", row -> timings.seconds(points[(int) row])));
        table.addColumn(text("host", "where it was evaluated", row -> timings.host(points[(int) row])));
        table.addColumn(column(
                "attempt",
                Integer.class,
                "",
                "number of the execution, from 1",
                row -> timings.attempt(points[(int) row])));
        return table;
    }

    /** Identifies a point: the labels of a task, and the parameters that vary. */
    private void addNames(ColumnStarTable table, LongFunction<Long> pointOfRow) {
        spec.labels().ifPresent(list -> {
            for (int i = 0; i < list.labels().size(); i++) {
                Output label = list.labels().get(i);
                int position = i;
                table.addColumn(column(
                        list.names().get(i),
                        contentClass(label.type()),
                        label.unit(),
                        label.description(),
                        row -> list.values(pointOfRow.apply(row).intValue()).get(position)));
            }
        });
        List<String> names = spec.points().names();
        for (int i = 0; i < names.size(); i++) {
            Parameter parameter = spec.parameter(names.get(i));
            int position = i;
            ColumnData column = parameter(spec, parameter, row -> spec.points().point(pointOfRow.apply(row))[position]);
            table.addColumn(column);
        }
    }

    /** A column of an output. */
    public static ColumnData output(Output output, LongFunction<? extends @Nullable Object> value) {
        ColumnData column =
                column(output.name(), contentClass(output.type()), output.unit(), output.description(), value);
        if (output.type() == Output.Type.DOUBLE_VECTOR) {
            column.getColumnInfo().setShape(new int[] {output.length()});
        }
        return column;
    }

    /** A column of a parameter, with its label. */
    public static ColumnData parameter(EvaluationSpec spec, Parameter parameter, LongFunction<Double> value) {
        ColumnData column = column(parameter.name(), Double.class, parameter.unit(), parameter.description(), value);
        Job.ParameterNote note = spec.notes().get(parameter.name());
        if (note != null) {
            note.label()
                    .ifPresent(label -> column.getColumnInfo()
                            .setAuxDatum(new DescribedValue(new DefaultValueInfo("label", String.class), label)));
        }
        return column;
    }

    private static Class<?> contentClass(Output.Type type) {
        return switch (type) {
            case DOUBLE -> Double.class;
            case LONG -> Long.class;
            case BOOLEAN -> Boolean.class;
            case STRING -> String.class;
            case DOUBLE_VECTOR -> double[].class;
        };
    }

    private static ColumnData text(String name, String description, LongFunction<String> value) {
        return column(name, String.class, "", description, value);
    }

    public static ColumnData column(
            String name,
            Class<?> type,
            String unit,
            String description,
            LongFunction<? extends @Nullable Object> value) {
        ColumnInfo info = new ResultColumn(name, type, description);
        if (!unit.isEmpty()) {
            info.setUnitString(unit);
        }
        return new ColumnData(info) {
            @Override
            public @Nullable Object readValue(long row) {
                return value.apply(row);
            }
        };
    }

    /** STIL calls this method for CSV; its own implementation leaves NaN empty and writes -Infinity. */
    private static final class ResultColumn extends ColumnInfo {
        ResultColumn(String name, Class<?> type, String description) {
            super(name, type, description);
        }

        @Override
        public String formatValue(@Nullable Object value, int maxLength) {
            if (value instanceof Double number) {
                return CellText.of(number);
            }
            return value instanceof double[] vector ? CellText.json(vector) : super.formatValue(value, maxLength);
        }
    }
}
