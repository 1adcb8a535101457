package org.astropool.internal.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointFailure;
import org.astropool.internal.text.CutText;

/** The points without a result: grouped by reason, and where in the parameter space they are. */
final class Failures {
    private static final int MOST_GROUPS = 20;
    private static final int LONGEST_TEXT = 600;
    private static final int LONGEST_KEY = 160;
    private static final int MOST_POINTS = 1_500;
    private static final int MOST_COMPARED = 20_000;
    private static final int FEWEST_FOR_A_CLUSTER = 5;
    /** The part of the failures that a cluster holds. */
    private static final double CLUSTERED = 0.9;
    /** What differs between failures with the same reason. */
    private static final Pattern NUMBER = Pattern.compile("0x[0-9a-fA-F]+|[-+]?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

    private final EvaluationResult result;
    private final List<PointFailure> failures;

    /** Failures with the same reason, apart from numbers. */
    private static final class Group {
        private final PointFailure example;
        private final int number;
        private final Map<String, Integer> hosts = new TreeMap<>();
        private int count;

        Group(PointFailure example, int number) {
            this.example = example;
            this.number = number;
        }

        void add(PointFailure failure) {
            count++;
            hosts.merge(failure.host().isEmpty() ? "unknown" : failure.host(), 1, Integer::sum);
        }

        Map<String, Object> json() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("number", number);
            fields.put("kind", example.kind());
            fields.put("count", count);
            fields.put("reason", CutText.of(example.reason(), LONGEST_TEXT));
            fields.put("output", CutText.of(example.output(), LONGEST_TEXT));
            fields.put("index", example.index());
            fields.put("attempts", example.attempts());
            List<String> most = hosts.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .limit(4)
                    .map(host -> host.getKey() + " (" + host.getValue() + ")")
                    .toList();
            fields.put("hosts", String.join(", ", most) + (hosts.size() > 4 ? ", ..." : ""));
            return fields;
        }
    }

    Failures(EvaluationResult result) {
        this.result = result;
        this.failures = result.failures();
    }

    boolean isEmpty() {
        return failures.isEmpty();
    }

    Map<String, Object> json() {
        Map<String, Group> groups = new LinkedHashMap<>();
        int[] numbers = new int[failures.size()];
        for (int i = 0; i < numbers.length; i++) {
            PointFailure failure = failures.get(i);
            Group group = groups.computeIfAbsent(key(failure), key -> new Group(failure, groups.size()));
            group.add(failure);
            numbers[i] = group.number;
        }
        List<Group> sorted = new ArrayList<>(groups.values());
        sorted.sort(Comparator.comparingInt((Group group) -> group.count).reversed());
        int[] chosen = Sampling.evenly(IntStream.range(0, failures.size()).toArray(), MOST_POINTS);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("count", failures.size());
        fields.put("group_count", sorted.size());
        fields.put("groups", sorted.stream().limit(MOST_GROUPS).map(Group::json).toList());
        fields.put("points", points(chosen, numbers));
        fields.put("ranges", ranges());
        return fields;
    }

    private static String key(PointFailure failure) {
        String firstLine = failure.reason().lines().findFirst().orElse("");
        String text = firstLine.substring(0, Math.min(firstLine.length(), LONGEST_KEY));
        return failure.kind() + ": " + NUMBER.matcher(text).replaceAll("#");
    }

    private Map<String, Object> points(int[] chosen, int[] numbers) {
        List<String> names = result.spec().points().names();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "index",
                IntStream.of(chosen).map(i -> (int) failures.get(i).index()).toArray());
        fields.put("group", IntStream.of(chosen).map(i -> numbers[i]).toArray());
        Map<String, Object> columns = new LinkedHashMap<>();
        for (int p = 0; p < names.size(); p++) {
            columns.put(names.get(p), column(chosen, p));
        }
        fields.put("parameters", columns);
        return fields;
    }

    private double[] column(int[] chosen, int parameter) {
        return IntStream.of(chosen)
                .mapToDouble(i -> result.coordinates((int) failures.get(i).index())[parameter])
                .toArray();
    }

    /** For each parameter the shortest range with most of the failures, and the share of all points in that range. */
    private List<Object> ranges() {
        List<Object> ranges = new ArrayList<>();
        if (failures.size() < FEWEST_FOR_A_CLUSTER) {
            return ranges;
        }
        int[] chosen = Sampling.evenly(IntStream.range(0, failures.size()).toArray(), MOST_COMPARED);
        int[] all = Sampling.withOutcome(result, MOST_COMPARED);
        List<String> names = result.spec().points().names();
        for (int p = 0; p < names.size(); p++) {
            double[] sorted = Sampling.sortedFinite(column(chosen, p));
            if (sorted.length == 0) {
                continue;
            }
            int wanted = Math.max(1, (int) Math.ceil(CLUSTERED * sorted.length));
            int best = 0;
            for (int i = 0; i + wanted <= sorted.length; i++) {
                if (sorted[i + wanted - 1] - sorted[i] < sorted[best + wanted - 1] - sorted[best]) {
                    best = i;
                }
            }
            double from = sorted[best];
            double to = sorted[best + wanted - 1];
            int parameter = p;
            long inside = IntStream.of(all)
                    .mapToDouble(point -> result.coordinates(point)[parameter])
                    .filter(value -> value >= from && value <= to)
                    .count();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("parameter", names.get(p));
            fields.put("from", from);
            fields.put("to", to);
            fields.put("failures", (double) wanted / sorted.length);
            fields.put("points", (double) inside / all.length);
            ranges.add(fields);
        }
        return ranges;
    }
}
