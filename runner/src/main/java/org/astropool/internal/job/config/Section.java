package org.astropool.internal.job.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.astropool.internal.job.table.TableReaders;
import org.astropool.internal.job.table.TableReference;
import org.astropool.internal.model.Models;

/**
 * One table of a job file, with typed access to its values. Problems are collected, not thrown, so that a user sees all
 * problems; a value of the wrong type counts as absent.
 */
public final class Section {
    private final Map<String, ?> values;
    private final List<String> path;
    private final SourcePositions origin;
    private final List<String> problems;
    private final Set<String> known = new LinkedHashSet<>();

    public Section(Map<String, ?> values, List<String> path, SourcePositions origin, List<String> problems) {
        this.values = values;
        this.path = path;
        this.origin = origin;
        this.problems = problems;
    }

    /** The keys that are given. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** Whether a key is given. */
    public boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    public Optional<String> string(String key) {
        return value(key, String.class, "a string");
    }

    public Optional<Long> integer(String key) {
        return value(key, Long.class, "a whole number");
    }

    public Optional<Boolean> flag(String key) {
        return value(key, Boolean.class, "true or false");
    }

    public Optional<Double> number(String key) {
        Object value = values.get(key);
        if (value instanceof Long whole) {
            known.add(key);
            return Optional.of((double) whole);
        }
        return value(key, Double.class, "a number");
    }

    /** A whole number between a minimum and the largest int. */
    public Optional<Integer> count(String key, int least) {
        Optional<Long> given = integer(key);
        if (given.isPresent() && (given.get() < least || given.get() > Integer.MAX_VALUE)) {
            problem(
                    key,
                    dotted(key) + " is " + given.get() + ", it must be from " + least + " to " + Integer.MAX_VALUE);
            return Optional.empty();
        }
        return given.map(Long::intValue);
    }

    public Optional<List<Double>> numbers(String key) {
        return list(key, "numbers").map(list -> {
            List<Double> numbers = new ArrayList<>();
            for (Object element : list) {
                if (element instanceof Number number) {
                    numbers.add(number.doubleValue());
                } else {
                    wrongType(key, element, "a list of numbers");
                }
            }
            return numbers;
        });
    }

    public Optional<List<String>> strings(String key) {
        return list(key, "strings").map(list -> {
            List<String> strings = new ArrayList<>();
            for (Object element : list) {
                if (element instanceof String string) {
                    if (!hasNul(key, string)) {
                        strings.add(string);
                    }
                } else {
                    wrongType(key, element, "a list of strings");
                }
            }
            return strings;
        });
    }

    /** A table; an empty one when it is absent. */
    public Section section(String key) {
        Map<?, ?> table = value(key, Map.class, "a table").orElse(Map.of());
        @SuppressWarnings("unchecked") // keys of TOML tables are strings
        Map<String, ?> typed = (Map<String, ?>) table;
        return new Section(typed, pathOf(key), origin, problems);
    }

    /** The value, of any type. */
    public Optional<Object> any(String key) {
        known.add(key);
        Object value = values.get(key);
        return value instanceof String text && hasNul(key, text) ? Optional.of("") : Optional.ofNullable(value);
    }

    private Optional<List<?>> list(String key, String of) {
        return value(key, List.class, "a list of " + of).map(list -> (List<?>) list);
    }

    private <T> Optional<T> value(String key, Class<T> type, String typeName) {
        known.add(key);
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            wrongType(key, value, typeName);
            return Optional.empty();
        }
        return value instanceof String text && hasNul(key, text) ? Optional.empty() : Optional.of(type.cast(value));
    }

    /** Neither file names nor program arguments can contain the character 0. */
    private boolean hasNul(String key, String text) {
        boolean found = text.indexOf(0) >= 0;
        if (found) {
            problem(key, dotted(key) + " contains the character 0, which is not allowed in names and texts");
        }
        return found;
    }

    public void wrongType(String key, Object value, String typeName) {
        problem(key, dotted(key) + " is " + describe(value) + ", it must be " + typeName);
    }

    private static String describe(Object value) {
        if (value instanceof String) {
            return "the string \"" + value + "\"";
        }
        if (value instanceof Map) {
            return "a table";
        }
        return value instanceof List ? "the list " + value : value.toString();
    }

    /** Reports that a required key is not given. */
    public void missing(String key, String example) {
        problems.add(origin.of(path) + ": " + dotted(key) + " is missing, for instance " + key + " = " + example);
    }

    public void problem(String key, String message) {
        problems.add(origin.of(pathOf(key)) + ": " + message);
    }

    /** Reports the keys that were not read. */
    public void rejectUnknownKeys() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                problem(
                        key,
                        "unknown key \"" + dotted(key) + "\""
                                + (path.isEmpty()
                                        ? Models.hint(key, known)
                                        : Models.hint(
                                                key,
                                                known,
                                                "[" + String.join(".", path) + "] knows " + String.join(", ", known))));
            }
        }
    }

    private List<String> pathOf(String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private String dotted(String key) {
        return String.join(".", pathOf(key));
    }

    /** A table in the given file, with the keys {@code format} and {@code extension} of this section. */
    public TableReference table(Path file) {
        Optional<String> format = string(TableReference.FORMAT);
        format.filter(name -> !TableReaders.NAMES.contains(name))
                .ifPresent(name -> problem(
                        TableReference.FORMAT,
                        "format \"" + name + "\" is not one of " + String.join(", ", TableReaders.NAMES)));
        Optional<Object> extension = any(TableReference.EXTENSION);
        extension
                .filter(value -> !(value instanceof String) && !(value instanceof Long))
                .ifPresent(value -> wrongType(TableReference.EXTENSION, value, "the name or the number of a table"));
        return new TableReference(file, format, extension.map(Object::toString));
    }
}
