package org.astropool.task;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of a model's options. All are declared and have the declared type; defaults are filled in. Immutable,
 * serializable, so that a worker prepares the model exactly as the master checked it.
 */
public final class ModelOptions implements Serializable {
    private static final long serialVersionUID = 1;

    private final String model;
    private final TreeMap<String, Object> values;

    private ModelOptions(String model, Map<String, Object> values) {
        this.model = model;
        this.values = new TreeMap<>(values);
    }

    /**
     * Checks given values against the declarations of a model.
     *
     * @param given String, Long, Double, Boolean by name
     * @throws OptionException on an unknown name, a wrong type, a value that is no choice, or a missing value
     */
    public static ModelOptions of(Model model, Map<String, ?> given) {
        TreeMap<String, Object> values = new TreeMap<>();
        TreeMap<String, Object> left = new TreeMap<>(given);
        for (ModelOption option : model.options()) {
            Object value = left.remove(option.name());
            if (value == null) {
                value = option.defaultValue();
            }
            if (value == null) {
                throw new OptionException(
                        option.name(),
                        "model " + model.name() + ": option \"" + option.name() + "\" must be given ("
                                + option.description() + ")");
            }
            values.put(option.name(), checked(model, option, value));
        }
        if (!left.isEmpty()) {
            String unknown = left.firstKey();
            throw new OptionException(
                    unknown,
                    "model " + model.name() + " has no option \"" + unknown + "\"; it has "
                            + model.options().stream().map(ModelOption::name).toList());
        }
        return new ModelOptions(model.name(), values);
    }

    private static Object checked(Model model, ModelOption option, Object value) {
        Object converted = switch (option.type()) {
            case STRING, PATH -> value instanceof String ? value : null;
            case INTEGER -> value instanceof Long ? value : null;
            case NUMBER -> value instanceof Long whole ? Double.valueOf(whole) : value instanceof Double ? value : null;
            case BOOLEAN -> value instanceof Boolean ? value : null;
        };
        if (converted == null) {
            throw new OptionException(
                    option.name(),
                    "model " + model.name() + ": option \"" + option.name() + "\" is " + value + ", not of type "
                            + option.type().name().toLowerCase(java.util.Locale.ROOT));
        }
        if (!option.choices().isEmpty() && !option.choices().contains(converted)) {
            throw new OptionException(
                    option.name(),
                    "model " + model.name() + ": option \"" + option.name() + "\" is \"" + converted + "\"; it can be "
                            + String.join(", ", option.choices()));
        }
        return converted;
    }

    public String string(String name) {
        return (String) value(name);
    }

    public long integer(String name) {
        return (Long) value(name);
    }

    public double number(String name) {
        return (Double) value(name);
    }

    public boolean flag(String name) {
        return (Boolean) value(name);
    }

    public Path path(String name) {
        return Path.of(string(name));
    }

    private Object value(String name) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("model " + model + " declares no option \"" + name + "\"");
        }
        return value;
    }

    /** All values by name, in alphabetical order. */
    public Map<String, Object> asMap() {
        return java.util.Collections.unmodifiableMap(values);
    }
}
