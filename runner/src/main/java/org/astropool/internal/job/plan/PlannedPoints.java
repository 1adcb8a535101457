package org.astropool.internal.job.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.astropool.internal.design.DesignPoints;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.table.RowTable;
import org.astropool.internal.model.PointTable;
import org.astropool.sampler.Prior;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Parameter;
import org.astropool.task.Points;
import org.astropool.task.TaskList;

/**
 * The points that a job evaluates.
 *
 * @param labels labels of the points in addition to their parameters; or empty
 */
public record PlannedPoints(Points points, Optional<TaskList> labels, Optional<RowTable> table) {
    /** Columns of results that are astropool's own. */
    private static final List<String> RESULT_COLUMNS =
            List.of("index", "status", EvaluationSpec.LOG_PRIOR, EvaluationSpec.LOG_POSTERIOR);

    /** Prefix for a column of the table whose name is already used in the results. */
    private static final String CARRIED = "input_";

    /**
     * The points, as far as they are known without the model.
     *
     * @throws IOException when they are in a table that cannot be read
     */
    public static PlannedPoints of(Job job) throws IOException {
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
        if (plan instanceof Plan.Design design) {
            List<String> names = parametersWithPriors(job);
            List<Prior> priors = names.stream()
                    .map(job.parameters()::get)
                    .flatMap(note -> note.prior().stream())
                    .toList();
            try {
                Points points = new DesignPoints(names, priors, design.draws(), design.kind(), job.seed());
                return new PlannedPoints(points, Optional.empty(), Optional.empty());
            } catch (IllegalArgumentException e) {
                throw new IOException("[design]: " + e.getMessage(), e);
            }
        }
        if (plan instanceof Plan.Search search) {
            List<String> names = parametersWithPriors(job);
            try {
                return new PlannedPoints(proposals(search, names), Optional.empty(), Optional.empty());
            } catch (ArithmeticException e) {
                throw new IOException(
                        "[" + plan.key() + "] asks for more than " + Integer.MAX_VALUE + " evaluations; ask for fewer",
                        e);
            }
        }
        return new PlannedPoints(PointTable.ofRows(0), Optional.empty(), Optional.empty());
    }

    /**
     * The points of a search that has not started.
     *
     * @throws ArithmeticException when they may be too many
     */
    public static ProposedPoints proposals(Plan.Search search, List<String> names) throws IOException {
        return new ProposedPoints(names, search.size(names.size()), search.identity());
    }

    /** The parameters that a search or a design varies. */
    public static List<String> parametersWithPriors(Job job) {
        return job.parameters().entrySet().stream()
                .filter(parameter -> parameter.getValue().prior().isPresent())
                .map(Map.Entry::getKey)
                .filter(name -> !job.model().fixed().containsKey(name))
                .toList();
    }

    /**
     * The parameters for which each point may have a value although the command does not use them.
     *
     * @throws IOException when they are columns of a table that cannot be read
     */
    List<String> names() throws IOException {
        if (table.isEmpty()) {
            return points.names();
        }
        List<String> carried = labels.map(TaskList::names).orElse(List.of());
        return table.get().numbers().stream()
                .filter(name -> Parameter.isName(name) && !carried.contains(name))
                .toList();
    }

    /**
     * The same for a given model: the columns of a table that are its parameters, or the tasks that it lists.
     *
     * @param fixed parameters that have one value
     * @throws IOException when a table has a row without a number in such a column, or the model cannot list its tasks
     */
    public PlannedPoints fitted(Model model, ModelOptions options, Map<String, Double> fixed) throws IOException {
        if (table.isPresent()) {
            Set<String> columns = new HashSet<>(table.get().names());
            List<String> taken = new ArrayList<>(RESULT_COLUMNS);
            List<Parameter> parameters = new ArrayList<>();
            for (Parameter parameter : model.parameters(options)) {
                taken.add(parameter.name());
                if (columns.contains(parameter.name()) && !fixed.containsKey(parameter.name())) {
                    parameters.add(parameter);
                }
            }
            model.outputs(options).forEach(output -> taken.add(output.name()));
            return new PlannedPoints(
                    table.get().points(parameters), labels.map(list -> list.withoutNames(taken, CARRIED)), table);
        }
        if (points instanceof PointTable) {
            TaskList list = listed(model, options);
            return new PlannedPoints(PointTable.ofRows(list.size()), Optional.of(list), table);
        }
        return this;
    }

    /** No points, but their axes: the parameters that are not fixed, in the order of the model. */
    static PlannedPoints given(Model model, ModelOptions options, Map<String, Double> fixed) {
        List<String> names = model.parameters(options).stream()
                .map(Parameter::name)
                .filter(name -> !fixed.containsKey(name))
                .toList();
        return new PlannedPoints(
                new PointTable(names, new double[names.size()][0]), Optional.empty(), Optional.empty());
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
