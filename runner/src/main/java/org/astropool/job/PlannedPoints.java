package org.astropool.job;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Parameter;
import org.astropool.task.PointTable;
import org.astropool.task.Points;
import org.astropool.task.TaskList;

/**
 * The points that a job wants evaluated.
 *
 * @param labels what names them beside their parameters; or empty
 */
record PlannedPoints(Points points, Optional<TaskList> labels, Optional<RowTable> table) {

    /**
     * As far as they are known without the model.
     *
     * @throws IOException when they are in a table that cannot be read
     */
    static PlannedPoints of(Job job) throws IOException {
        Plan plan = job.plan();
        if (plan instanceof Plan.OnGrid onGrid) {
            return new PlannedPoints(onGrid.grid(), Optional.empty(), Optional.empty());
        }
        if (plan instanceof Plan.Rows rows) {
            RowTable table = RowTable.read(rows.table());
            Optional<TaskList> labels =
                    rows.labels().isEmpty() ? Optional.empty() : Optional.of(table.labels(rows.labels()));
            return new PlannedPoints(PointTable.ofRows(0), labels, Optional.of(table));
        }
        if (plan instanceof Plan.Search search) {
            List<String> names = parametersWithPriors(job);
            ProposedPoints proposals =
                    new ProposedPoints(names, Search.size(search, names.size()), Search.identity(search));
            return new PlannedPoints(proposals, Optional.empty(), Optional.empty());
        }
        return new PlannedPoints(PointTable.ofRows(0), Optional.empty(), Optional.empty());
    }

    private static List<String> parametersWithPriors(Job job) {
        return job.parameters().entrySet().stream()
                .filter(parameter -> parameter.getValue().prior().isPresent())
                .map(Map.Entry::getKey)
                .filter(name -> !job.model().fixed().containsKey(name))
                .toList();
    }

    /** The parameters that may have a value a point. */
    List<String> names() {
        return table.isPresent() ? table.get().numbers() : points.names();
    }

    /**
     * The same for a model: the columns of a table that are its parameters, or the tasks that it lists.
     *
     * @param fixed parameters that have one value
     * @throws IOException when a table has rows without a number there, or the model cannot list its tasks
     */
    PlannedPoints fitted(Model model, ModelOptions options, Map<String, Double> fixed) throws IOException {
        if (table.isPresent()) {
            List<String> columns = table.get().numbers();
            List<String> parameters = model.parameters(options).stream()
                    .map(Parameter::name)
                    .filter(name -> columns.contains(name) && !fixed.containsKey(name))
                    .toList();
            return new PlannedPoints(table.get().points(parameters), labels, table);
        }
        if (points instanceof PointTable) {
            TaskList list = listed(model, options);
            return new PlannedPoints(PointTable.ofRows(list.size()), Optional.of(list), table);
        }
        return this;
    }

    private static TaskList listed(Model model, ModelOptions options) throws IOException {
        Optional<TaskList> list;
        try {
            list = model.tasks(options);
        } catch (Exception e) {
            throw new IOException("model " + model.name() + " cannot list its tasks: " + e.getMessage(), e);
        }
        if (list.isEmpty()) {
            throw new IOException("model " + model.name()
                    + " lists no tasks; give it the rows of a table, [tasks] table = \"...\", or a [grid]");
        }
        if (list.get().size() == 0) {
            throw new IOException(
                    "model " + model.name() + " lists 0 tasks with these options; there is nothing to do");
        }
        return list.get();
    }
}
