package org.astropool.internal.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.astropool.internal.job.result.EvaluationResult;

/** How long the points took, and which parameters or hosts that depends on. */
final class Durations {
    private static final int MOST_POINTS = 20_000;
    private static final int BINS = 40;
    private static final int PARAMETER_BINS = 12;
    private static final int SLOWEST = 8;

    private final EvaluationResult result;
    private final int[] points;
    private final double[] seconds;

    Durations(EvaluationResult result) {
        this.result = result;
        this.points = IntStream.of(Sampling.withOutcome(result, MOST_POINTS))
                .filter(point -> result.timings().seconds(point) > 0)
                .toArray();
        this.seconds =
                IntStream.of(points).mapToDouble(result.timings()::seconds).toArray();
    }

    boolean isEmpty() {
        return points.length == 0;
    }

    Map<String, Object> json() {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("count", points.length);
        fields.put("of", result.evaluated());
        fields.put(
                "quantiles",
                List.of(
                        sorted[0],
                        Sampling.quantile(sorted, 0.16),
                        Sampling.quantile(sorted, 0.5),
                        Sampling.quantile(sorted, 0.84),
                        Sampling.quantile(sorted, 0.99),
                        sorted[sorted.length - 1]));
        fields.put("histogram", histogram(sorted));
        fields.put("drivers", drivers());
        fields.put("hosts", hosts());
        fields.put("slowest", slowest());
        return fields;
    }

    /** Bins of equal width in the logarithm. */
    private static Map<String, Object> histogram(double[] sorted) {
        double from = Math.log10(sorted[0]);
        double width = Math.max((Math.log10(sorted[sorted.length - 1]) - from) / BINS, 1e-3);
        int[] counts = new int[BINS];
        for (double value : sorted) {
            counts[Math.min(BINS - 1, (int) ((Math.log10(value) - from) / width))]++;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "edges",
                IntStream.rangeClosed(0, BINS)
                        .mapToDouble(i -> Math.pow(10, from + i * width))
                        .toArray());
        fields.put("counts", counts);
        return fields;
    }

    /**
     * For each parameter that varies, and for the order of the points: the rank correlation, and the part of the
     * variance of ln(seconds) that the bins of the parameter explain; the one that explains most first.
     */
    private List<Map<String, Object>> drivers() {
        double[] logs = Arrays.stream(seconds).map(Math::log).toArray();
        double[] ranks = Sampling.ranks(logs);
        double[][] coordinates =
                IntStream.of(points).mapToObj(result::coordinates).toArray(double[][]::new);
        List<String> names = result.spec().points().names();
        List<Map<String, Object>> drivers = new ArrayList<>();
        for (int p = 0; p < names.size(); p++) {
            int parameter = p;
            double[] values = Arrays.stream(coordinates)
                    .mapToDouble(point -> point[parameter])
                    .toArray();
            drivers.add(driver(names.get(p), values, logs, ranks));
        }
        drivers.add(driver(
                "number of the point", IntStream.of(points).asDoubleStream().toArray(), logs, ranks));
        drivers.sort(Comparator.comparingDouble(
                        (Map<String, Object> driver) -> driver.get("explained") instanceof Double part ? part : 0)
                .reversed());
        return drivers;
    }

    private Map<String, Object> driver(String name, double[] values, double[] logs, double[] ranks) {
        int[][] bins = bins(values);
        double mean = Arrays.stream(logs).average().orElse(0);
        double total =
                Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
        double within = 0;
        List<Object> shown = new ArrayList<>();
        for (int[] bin : bins) {
            double here = IntStream.of(bin).mapToDouble(i -> logs[i]).average().orElse(0);
            within += IntStream.of(bin)
                    .mapToDouble(i -> (logs[i] - here) * (logs[i] - here))
                    .sum();
            double[] sorted =
                    IntStream.of(bin).mapToDouble(i -> seconds[i]).sorted().toArray();
            double[] place =
                    IntStream.of(bin).mapToDouble(i -> values[i]).sorted().toArray();
            shown.add(new double[] {
                Sampling.quantile(place, 0.5),
                Sampling.quantile(sorted, 0.16),
                Sampling.quantile(sorted, 0.5),
                Sampling.quantile(sorted, 0.84)
            });
        }
        int spare = logs.length - bins.length; // degrees of freedom, so that noise explains nothing on average
        double explained = total > 0 && spare > 0 ? 1 - within / spare * (logs.length - 1) / total : 0;
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("rank_correlation", Sampling.correlation(Sampling.ranks(values), ranks));
        fields.put("explained", Math.max(0, explained));
        fields.put("bins", shown);
        return fields;
    }

    /** The positions of the values, in bins with about the same number each; equal values share a bin. */
    private static int[][] bins(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> bins = new ArrayList<>();
        int begin = 0;
        for (int bin = 1; bin <= PARAMETER_BINS && begin < order.length; bin++) {
            int end = Math.max(begin + 1, (int) ((long) order.length * bin / PARAMETER_BINS));
            while (end < order.length && values[order[end]] == values[order[end - 1]]) {
                end++;
            }
            bins.add(Arrays.copyOfRange(order, begin, end));
            begin = end;
        }
        return bins.toArray(int[][]::new);
    }

    private List<Object> hosts() {
        Map<String, List<Double>> byHost = new TreeMap<>();
        for (int i = 0; i < points.length; i++) {
            byHost.computeIfAbsent(result.timings().host(points[i]), host -> new ArrayList<>())
                    .add(seconds[i]);
        }
        List<Object> hosts = new ArrayList<>();
        byHost.forEach((host, list) -> {
            double[] sorted =
                    list.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("host", host.isEmpty() ? "unknown" : host);
            fields.put("points", sorted.length);
            fields.put("median", Sampling.quantile(sorted, 0.5));
            hosts.add(fields);
        });
        return hosts;
    }

    /** The points that took longest, of all points and not only of the sample. */
    private List<Object> slowest() {
        int[] slowest = new int[SLOWEST]; // the longest first
        int count = 0;
        for (int point : Sampling.withOutcome(result, Integer.MAX_VALUE)) {
            double duration = result.timings().seconds(point);
            int place = count;
            while (place > 0 && result.timings().seconds(slowest[place - 1]) < duration) {
                place--;
            }
            if (place < SLOWEST && duration > 0) {
                count = Math.min(count + 1, SLOWEST);
                System.arraycopy(slowest, place, slowest, place + 1, count - 1 - place);
                slowest[place] = point;
            }
        }
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("index", slowest[i]);
            fields.put("seconds", result.timings().seconds(slowest[i]));
            fields.put("host", result.timings().host(slowest[i]));
            fields.put("parameters", result.coordinates(slowest[i]));
            rows.add(fields);
        }
        return rows;
    }
}
