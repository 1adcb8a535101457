package org.astropool.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that a model lists itself, numbered from 0: the labels of each in the results, and its expected cost.
 * Filled by one thread, then read by any number.
 */
public final class TaskList {
    private final List<Output> labels;
    private final List<String> names;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private final List<Double> costs = new ArrayList<>();

    /** @param labels the columns that name a task, for instance supernova and band; no vectors */
    public TaskList(List<Output> labels) {
        this(labels, labels.stream().map(Output::name).toList());
    }

    /**
     * A list whose column names are given, for instance by a catalogue.
     *
     * @param names of the columns in the results, one per label; any text
     */
    public TaskList(List<Output> labels, List<String> names) {
        if (names.size() != labels.size()) {
            throw new IllegalArgumentException(names.size() + " names for the labels " + labels);
        }
        this.labels = List.copyOf(labels);
        this.names = List.copyOf(names);
        for (Output label : labels) {
            if (label.type() == Output.Type.DOUBLE_VECTOR) {
                throw new IllegalArgumentException("label " + label.name() + " is a vector; labels are scalars");
            }
        }
    }

    /** Adds a task that costs as much as any other. */
    public TaskList add(@Nullable Object... values) {
        return addWithCost(1, values);
    }

    /**
     * Adds a task.
     *
     * @param cost in any unit, above 0: the most expensive tasks are started first
     * @param values one per label: Double, Long, Boolean or String according to its type, or null where it has none
     * @throws IllegalArgumentException when the values do not fit the labels, or the cost is not above 0
     */
    public TaskList addWithCost(double cost, @Nullable Object... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(values.length + " values for the labels " + labels);
        }
        for (int i = 0; i < values.length; i++) {
            Output label = labels.get(i);
            if (values[i] != null && !typeOf(label).isInstance(values[i])) {
                throw new IllegalArgumentException("label " + label.name() + " of task " + size() + " is " + values[i]
                        + ", it is a " + label.type());
            }
        }
        if (!(cost > 0) || cost == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("the cost of task " + size() + " is " + cost + ", it must be above 0");
        }
        rows.add(Collections.unmodifiableList(Arrays.asList(values.clone())));
        costs.add(cost);
        return this;
    }

    private static Class<?> typeOf(Output label) {
        return switch (label.type()) {
            case DOUBLE -> Double.class;
            case LONG -> Long.class;
            case BOOLEAN -> Boolean.class;
            case STRING -> String.class;
            case DOUBLE_VECTOR -> double[].class;
        };
    }

    public List<Output> labels() {
        return labels;
    }

    /** The names of the columns in the results, one per label. */
    public List<String> names() {
        return names;
    }

    /**
     * The same tasks; a name that is taken (ignoring case) gets a prefix.
     *
     * @param taken names of other columns of the results
     */
    public TaskList withoutNames(Collection<String> taken, String prefix) {
        Set<String> seen = new HashSet<>();
        taken.forEach(name -> seen.add(name.toLowerCase(Locale.ROOT)));
        List<String> free = new ArrayList<>();
        for (String name : names) {
            String each = name;
            while (!seen.add(each.toLowerCase(Locale.ROOT))) {
                each = prefix + each;
            }
            free.add(each);
        }
        TaskList copy = new TaskList(labels, free);
        copy.rows.addAll(rows);
        copy.costs.addAll(costs);
        return copy;
    }

    /** Number of tasks. */
    public int size() {
        return rows.size();
    }

    /** The values of a task, one per label; null where it has none. */
    public List<@Nullable Object> values(int task) {
        return rows.get(task);
    }

    /** The expected cost of a task, in any unit. */
    public double cost(int task) {
        return costs.get(task);
    }

    /** Whether some tasks are expected to cost more than others. */
    public boolean hasCosts() {
        return costs.stream().distinct().limit(2).count() > 1;
    }

    @Override
    public String toString() {
        return size() + " tasks with the labels " + names;
    }
}
