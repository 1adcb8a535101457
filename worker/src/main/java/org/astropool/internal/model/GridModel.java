package org.astropool.internal.model;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputValues;
import org.astropool.task.Parameter;
import org.astropool.task.Points;

/**
 * A model of a program that embeds the pool, known by its class, and the points at which it is to be evaluated.
 * Immutable.
 */
public final class GridModel {
    private final ModelFunction function;
    private final List<Output> outputs;
    private final int batchSize;

    /** Makes the model where it is needed, from its class. */
    private record OfClass(Class<? extends Model> type) implements ModelSource {
        private static final long serialVersionUID = 1;

        @Override
        public Model load() throws ModelException {
            try {
                return type.getConstructor().newInstance();
            } catch (InvocationTargetException e) {
                throw new ModelException("the constructor of " + modelName() + " has thrown " + e.getCause(), e);
            } catch (ReflectiveOperationException e) {
                throw new ModelException(
                        "the model " + modelName() + " cannot be made: " + e
                                + "; it must be a public class, and static if it is in another, with a public"
                                + " constructor without parameters, in a package that is open to org.astropool.worker",
                        e);
            }
        }

        @Override
        public String modelName() {
            return type.getName();
        }
    }

    /** @throws IllegalArgumentException when there is no such model, or it has not these options and parameters */
    public GridModel(Class<? extends Model> type, Map<String, ?> options, Points points) {
        OfClass source = new OfClass(type);
        try {
            Model model = source.load();
            ModelOptions checked = ModelOptions.of(model, withLongs(options));
            List<String> parameters =
                    model.parameters(checked).stream().map(Parameter::name).toList();
            requireSame(type, parameters, points.names());
            this.outputs = List.copyOf(model.outputs(checked));
            this.batchSize = model.batchSize(checked);
            this.function = new ModelFunction(source, checked, points, Map.of());
        } catch (ModelException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** An int is a whole number of an option, too. */
    private static Map<String, Object> withLongs(Map<String, ?> options) {
        Map<String, Object> converted = new TreeMap<>(options);
        converted.replaceAll((name, value) -> value instanceof Integer whole ? Long.valueOf(whole) : value);
        return converted;
    }

    private static void requireSame(Class<?> type, List<String> parameters, List<String> names) {
        for (String name : names) {
            if (!parameters.contains(name)) {
                throw new IllegalArgumentException(
                        "the model " + type.getName() + " has no parameter \"" + name + "\"; it has " + parameters);
            }
        }
        for (String parameter : parameters) {
            if (!names.contains(parameter)) {
                throw new IllegalArgumentException("the points have no value for the parameter \"" + parameter
                        + "\" of the model " + type.getName() + "; add an axis, for instance with a single value");
            }
        }
    }

    /** Evaluates the points by their indices. */
    public ModelFunction function() {
        return function;
    }

    /** How many points to evaluate at once. */
    public int batchSize() {
        return batchSize;
    }

    /** The outputs in a result of the function. */
    public OutputValues values(Object result) {
        ModelRow row =
                result instanceof byte[] bytes ? ModelRow.of(bytes) : new ModelRow((double[]) result, new String[0]);
        return new OutputValues(outputs, row.numbers(), row.strings());
    }
}
