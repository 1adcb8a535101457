package org.astropool.internal.job.eval;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.json.NumberScanner;
import org.astropool.internal.json.StrictJson;
import org.astropool.task.Parameter;
import org.jspecify.annotations.Nullable;

/** Parses points from lines of JSON: lists in the order of the axes, or objects by name. Immutable. */
final class PointReader {
    /** Written as strings, since JSON has no such numbers. */
    private static final Map<String, Double> NOT_FINITE =
            Map.of("nan", Double.NaN, "inf", Double.POSITIVE_INFINITY, "-inf", Double.NEGATIVE_INFINITY);

    private final List<String> names;
    private final List<String> axes;
    private final Map<String, Double> fixed;
    /** The values of all parameters, without those of the axes. */
    private final double[] incomplete;
    /** The position of each axis among the parameters. */
    private final int[] positions;

    PointReader(EvaluationSpec spec) {
        this.names = spec.parameters().stream().map(Parameter::name).toList();
        this.axes = spec.points().names();
        this.fixed = spec.fixed();
        this.incomplete = names.stream()
                .mapToDouble(name -> fixed.getOrDefault(name, Double.NaN))
                .toArray();
        this.positions = axes.stream().mapToInt(names::indexOf).toArray();
    }

    /**
     * The content of a line: a point, or the points of a batch, each to be read by {@link #point}.
     *
     * @throws IllegalArgumentException when the line is no JSON
     */
    List<?> points(String line) {
        List<double[]> numbers = numbers(line);
        if (numbers != null) {
            return numbers;
        }
        Object json = StrictJson.value(line);
        return json instanceof JsonArray list && isBatch(list) ? list : Collections.singletonList(json);
    }

    private static boolean isBatch(JsonArray list) {
        return list.stream().allMatch(element -> element instanceof JsonArray || element instanceof JsonObject)
                && !list.isEmpty();
    }

    /** The points when all are lists with one number per axis, else null. */
    private @Nullable List<double[]> numbers(String line) {
        NumberScanner scanner = new NumberScanner(line);
        List<double[]> points = new ArrayList<>();
        scanner.expect("[");
        boolean isBatch = scanner.skipIf('[');
        points.add(numbers(scanner));
        while (isBatch && scanner.skipIf(',')) {
            scanner.expect("[");
            points.add(numbers(scanner));
        }
        if (isBatch) {
            scanner.expect("]");
        }
        return scanner.matchesToTheEnd() ? points : null;
    }

    /** Up to the end of their list. */
    private double[] numbers(NumberScanner scanner) {
        double[] point = Arrays.copyOf(incomplete, incomplete.length);
        for (int i = 0; i < positions.length; i++) {
            if (i > 0) {
                scanner.expect(",");
            }
            point[positions[i]] = scanner.number();
        }
        scanner.expect("]");
        return point;
    }

    /**
     * A value for each parameter of the model, in its order; not all are finite where the line has such values: numbers
     * beyond the range of a double, or {@code "nan"}, {@code "inf"} and {@code "-inf"}.
     *
     * @param json an element of {@link #points}
     * @throws IllegalArgumentException when it is no point
     */
    double[] point(@Nullable Object json) {
        if (json instanceof double[] point) {
            return point;
        }
        if (json instanceof JsonArray list) {
            return point(list);
        }
        if (json instanceof JsonObject object) {
            return point(object);
        }
        throw new IllegalArgumentException("expected a list of numbers, or an object with numbers by name");
    }

    private double[] point(JsonArray list) {
        if (list.size() != positions.length) {
            throw new IllegalArgumentException(list.size() + " values, expected one for each of " + axes);
        }
        double[] point = Arrays.copyOf(incomplete, incomplete.length);
        for (int i = 0; i < positions.length; i++) {
            point[positions[i]] = number(axes.get(i), list.get(i));
        }
        return point;
    }

    private double[] point(JsonObject object) {
        Map<String, Double> values = new LinkedHashMap<>(fixed);
        object.forEach((name, value) -> values.put(name, number(name, value)));
        double[] point = new double[names.size()];
        for (int i = 0; i < point.length; i++) {
            Double value = values.remove(names.get(i));
            if (value == null) {
                throw new IllegalArgumentException("no value for the parameter " + names.get(i));
            }
            point[i] = value;
        }
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("there is no parameter " + values.keySet() + ", only " + names);
        }
        return point;
    }

    /** What is wrong with the values of a point; null when all are finite. */
    @Nullable
    String notFinite(double[] point) {
        for (int i = 0; i < point.length; i++) {
            if (!Double.isFinite(point[i])) {
                return names.get(i) + " is " + point[i] + "; the values of a point must be finite";
            }
        }
        return null;
    }

    private static double number(String name, @Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof String text && NOT_FINITE.containsKey(text)) {
            return NOT_FINITE.get(text);
        }
        throw new IllegalArgumentException(name + " is " + value + ", not a number");
    }
}
