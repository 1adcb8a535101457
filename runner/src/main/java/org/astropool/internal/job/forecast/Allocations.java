package org.astropool.internal.job.forecast;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.astropool.internal.job.DurationText;

/** Compares numbers of nodes for a run. For one thread. */
public final class Allocations {
    /** Below this efficiency more nodes do not pay. */
    public static final double WORTHWHILE = 0.7;

    private static final double LEAST_SHOWN = 0.3;
    private static final int MOST_ROWS = 12;
    private static final int MOST_NODES = 10_000;
    /** With fewer nodes the core of the master counts. */
    private static final int FEW_NODES = 8;

    /** Twice as many nodes that take more than this part of the time are in vain. */
    private static final double NO_GAIN = 0.99;

    private static final int MOST_IN_VAIN = 2;

    private static final double SECONDS_PER_HOUR = 3600;

    private final Forecaster forecaster;
    private final Request request;
    private final Map<Integer, Forecaster.Prediction> known = new HashMap<>();
    private final Map<Integer, Allocation> tried = new TreeMap<>();

    public Allocations(Forecaster forecaster, Request request) {
        this.forecaster = forecaster;
        this.request = request;
    }

    /** A run on these nodes. */
    public Allocation on(int nodes) {
        return tried.computeIfAbsent(nodes, each -> of(each, request.workersOn(each)));
    }

    private Allocation of(int nodes, int workers) {
        Forecaster.Prediction prediction = known.computeIfAbsent(workers, forecaster::on);
        double cores = (double) nodes * request.coresPerNode();
        Interval wall = prediction.wallSeconds().plus(request.startSeconds());
        double coresOfAWorker = (double) request.coresPerNode() / request.workersPerNode();
        double evaluating = prediction.efficiency()
                * prediction.wallSeconds().median()
                / wall.median()
                * Math.min(1, workers * coresOfAWorker / cores);
        return new Allocation(nodes, workers, wall, wall.times(cores / SECONDS_PER_HOUR), evaluating);
    }

    /** More nodes than that have idle workers from the beginning on. */
    private int mostNodes() {
        return Math.max(1, Math.min(MOST_NODES, request.nodesFor(forecaster.mostSlots())));
    }

    /** Some allocations for comparison, the smallest first, with the chosen one. */
    public List<Allocation> table() {
        if (!request.workers().isEmpty()) {
            return request.workers().stream()
                    .sorted()
                    .distinct()
                    .map(one -> of(request.nodesFor(one), one))
                    .toList();
        }
        TreeSet<Integer> nodes = new TreeSet<>();
        for (int one : steps()) {
            if (one > mostNodes()) {
                break;
            }
            nodes.add(one);
            if (nodes.size() == MOST_ROWS || on(one).efficiency() < LEAST_SHOWN) {
                break;
            }
        }
        request.nodes().ifPresent(nodes::add);
        best().ifPresent(found -> nodes.add(found.nodes()));
        return nodes.stream().map(this::on).toList();
    }

    /** Of those that were tried. */
    private Allocation fastest() {
        return tried.values().stream()
                .min(Comparator.comparingDouble(one -> one.wallSeconds().high()))
                .orElseGet(() -> on(1));
    }

    /** 1, 2, 3, 4, 6, 8, 12, ... */
    private static List<Integer> steps() {
        List<Integer> steps = new ArrayList<>(List.of(1));
        for (int power = 2; power <= MOST_NODES; power *= 2) {
            steps.add(power);
            steps.add(power + power / 2);
        }
        return steps;
    }

    /** The most nodes that pay. */
    public int worthwhileNodes() {
        return largest(one -> one.efficiency() >= WORTHWHILE).orElse(1);
    }

    /**
     * The allocation that the request asks for: the given nodes; or the fewest that end in time; or the most that the
     * budget allows and that pay. Empty if there is none.
     */
    public Optional<Allocation> best() {
        OptionalInt nodes;
        if (request.nodes().isPresent()) {
            nodes = request.nodes();
        } else if (request.limitSeconds().isPresent()) {
            nodes = smallest(this::endsInTime);
        } else {
            nodes = largest(one -> isInBudget(one) && one.efficiency() >= WORTHWHILE);
            if (nodes.isEmpty() && isInBudget(on(1))) {
                nodes = OptionalInt.of(1);
            }
        }
        return nodes.isEmpty()
                ? Optional.empty()
                : Optional.of(on(nodes.getAsInt())).filter(this::isInBudget);
    }

    private boolean endsInTime(Allocation allocation) {
        return allocation.wallSeconds().high() <= request.limitSeconds().orElse(Double.POSITIVE_INFINITY);
    }

    private boolean isInBudget(Allocation allocation) {
        return allocation.coreHours().high() <= request.mostCoreHours().orElse(Double.POSITIVE_INFINITY);
    }

    /**
     * In how many allocations of the time limit the run ends on these nodes, at the slow end of the interval: at the
     * end of each, workers wait for as long as a point takes.
     *
     * @param pointSeconds the mean duration of a point
     */
    public OptionalInt starts(Allocation allocation, double pointSeconds) {
        if (request.limitSeconds().isEmpty()) {
            return OptionalInt.empty();
        }
        if (endsInTime(allocation)) {
            return OptionalInt.of(1);
        }
        double usable = request.limitSeconds().getAsDouble() - request.startSeconds() - pointSeconds;
        double wall = allocation.wallSeconds().high() - request.startSeconds();
        return usable > 0 ? OptionalInt.of((int) Math.ceil(wall / usable)) : OptionalInt.empty();
    }

    /**
     * Why the request cannot be met at all.
     *
     * @param longest the longest point that was measured, in seconds
     */
    public List<String> refusals(double longest) {
        List<String> refusals = new ArrayList<>();
        double limit = request.limitSeconds().orElse(Double.POSITIVE_INFINITY);
        if (longest + request.startSeconds() > limit) {
            refusals.add(text(
                    "a point has taken %s and the start %s, more than the time limit of %s: no number of nodes helps;"
                            + " give more --time",
                    DurationText.of(longest), DurationText.of(request.startSeconds()), DurationText.of(limit)));
        } else if (request.nodes().isEmpty() && smallest(this::endsInTime).isEmpty()) {
            Allocation most = fastest();
            refusals.add(text(
                    "no number of nodes is sure to end within %s: with %d workers the run may still take %s, because of its start and its longest point; give more --time, or"
                            + " --nodes for several allocations",
                    DurationText.of(limit),
                    most.workers(),
                    DurationText.of(most.wallSeconds().high())));
        }
        double budget = request.mostCoreHours().orElse(Double.POSITIVE_INFINITY);
        if (refusals.isEmpty() && best().isEmpty()) {
            int nodes = request.nodes()
                    .orElseGet(() -> request.limitSeconds().isPresent()
                            ? smallest(this::endsInTime).orElse(1)
                            : 1);
            refusals.add(text(
                    "%d node%s may take %s core-hours, more than the %s of --max-core-hours; give more, or evaluate"
                            + " fewer points",
                    nodes, nodes == 1 ? "" : "s", hours(on(nodes).coreHours().high()), hours(budget)));
        }
        return refusals;
    }

    /** Core-hours with three significant digits, or all digits before the point, without an exponent. */
    public static String hours(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
        return value >= 100
                ? String.valueOf(Math.round(value))
                : rounded.setScale(rounded.scale() + 3 - rounded.precision()).toPlainString();
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** By bisection, since more nodes end earlier, until they do not any more. */
    private OptionalInt smallest(Predicate<Allocation> test) {
        int most = mostNodes();
        int below = 0;
        int above = 1;
        int vain = 0;
        while (!test.test(on(above))) {
            if (above == most || vain == MOST_IN_VAIN) {
                return OptionalInt.empty();
            }
            below = above;
            above = Math.min(most, 2 * above);
            vain = on(above).wallSeconds().high()
                            > NO_GAIN * on(below).wallSeconds().high()
                    ? vain + 1
                    : 0;
        }
        return OptionalInt.of(between(below, above, test));
    }

    /**
     * By bisection, since more nodes are less efficient. The first few are not: with a second node, the master takes
     * one core, or as many as a point needs, from the workers, which matters less the more nodes there are.
     */
    private OptionalInt largest(Predicate<Allocation> test) {
        int most = mostNodes();
        int holds = 0;
        int fails = most + 1; // the first one that was tried after it
        for (int one : steps()) {
            if (one > most || (one > FEW_NODES && fails <= most)) {
                break;
            }
            if (test.test(on(one))) {
                holds = one;
                fails = most + 1;
            } else if (fails > most) {
                fails = one;
            }
        }
        return holds == 0 ? OptionalInt.empty() : OptionalInt.of(between(holds, fails, test.negate()) - 1);
    }

    /** The smallest number for which a test holds that fails below and succeeds above, or is the one above. */
    private int between(int fails, int succeeds, Predicate<Allocation> test) {
        int low = fails;
        int high = succeeds;
        while (high - low > 1) {
            int middle = low + (high - low) / 2;
            if (test.test(on(middle))) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }
}
