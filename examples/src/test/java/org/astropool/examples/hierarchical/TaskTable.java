package org.astropool.examples.hierarchical;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.astropool.examples.TaskNumber;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskList;
import org.jspecify.annotations.Nullable;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.RowListStarTable;
import uk.ac.starlink.table.StarTableOutput;

/** Evaluates all tasks of a model, and writes a table as a job does. */
public record TaskTable(TaskList tasks, List<Output> outputs, List<@Nullable OutputRow> rows, List<String> skipped) {

    public static TaskTable of(Model model, ModelOptions options) throws Exception {
        TaskTable table = new TaskTable(
                model.tasks(options).orElseThrow(), model.outputs(options), new ArrayList<>(), new ArrayList<>());
        try (Evaluator evaluator = model.prepare(options)) {
            for (int i = 0; i < table.tasks.size(); i++) {
                OutputRow row = new OutputRow(table.outputs);
                try {
                    evaluator.evaluate(new double[0], row, new TaskNumber(i));
                    table.rows.add(row);
                } catch (SkippedException e) {
                    table.rows.add(null);
                    table.skipped.add(String.valueOf(e.getMessage()));
                }
            }
        }
        return table;
    }

    public Path write(Path file, String format) throws IOException {
        List<ColumnInfo> columns = new ArrayList<>();
        columns.add(new ColumnInfo("index", Long.class, ""));
        tasks.labels().forEach(label -> columns.add(column(label)));
        outputs.forEach(output -> columns.add(column(output)));
        columns.add(new ColumnInfo("status", String.class, ""));
        RowListStarTable table = new RowListStarTable(columns.toArray(ColumnInfo[]::new));
        for (int i = 0; i < tasks.size(); i++) {
            table.addRow(cells(i));
        }
        new StarTableOutput().writeStarTable(table, file.toString(), format);
        return file;
    }

    private Object[] cells(int task) {
        OutputRow row = rows.get(task);
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add((long) task);
        cells.addAll(tasks.values(task));
        for (int k = 0; k < outputs.size(); k++) {
            cells.add(row == null ? null : cell(row.value(k)));
        }
        cells.add(row == null ? "skipped" : "ok");
        return cells.toArray();
    }

    private static Object cell(Object value) {
        return value instanceof List<?> vector
                ? vector.stream().mapToDouble(element -> (Double) element).toArray()
                : value;
    }

    private static ColumnInfo column(Output output) {
        Class<?> type = switch (output.type()) {
            case DOUBLE -> Double.class;
            case LONG -> Long.class;
            case BOOLEAN -> Boolean.class;
            case STRING -> String.class;
            case DOUBLE_VECTOR -> double[].class;
        };
        ColumnInfo column = new ColumnInfo(output.name(), type, output.description());
        if (output.type() == Output.Type.DOUBLE_VECTOR) {
            column.setShape(new int[] {output.length()});
        }
        return column;
    }
}
