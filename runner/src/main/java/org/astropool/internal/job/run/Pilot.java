package org.astropool.internal.job.run;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.astropool.internal.job.forecast.DurationModel;
import org.astropool.internal.job.forecast.Forecast;
import org.astropool.internal.job.forecast.PilotPoints;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.result.EvaluationResult;
import org.astropool.internal.job.result.PointStatus;
import org.astropool.task.TaskList;

/**
 * The points of a run that are evaluated first, to predict from their durations how long the others take. For a search
 * these are its first evaluations. A unit is a point, or a batch of a model that evaluates batches. For one thread.
 */
public final class Pilot {
    /** The pilot of a small job is a tenth of it, but no less than that. */
    private static final int LEAST = 20;

    private static final int PART = 10;
    /** The pilot of a model with large batches. */
    private static final int LEAST_BATCHES = 8;
    /** More durations do not make a prediction better, but slower. */
    private static final int MOST_MEASURED = 2000;

    private final EvaluationResult result;
    private final EvaluationSpec spec;
    private final boolean isSearch;
    private final int count;
    private final int batch;
    private final int units;

    /** @param most points of the pilot */
    Pilot(EvaluationResult result, boolean isSearch, int most) {
        this.result = result;
        this.spec = result.spec();
        this.isSearch = isSearch;
        this.batch = isSearch ? 1 : spec.batchSize();
        this.units = (int) (((long) result.points() + batch - 1) / batch);
        int part = Math.max(LEAST, Math.min(most, units / PART));
        this.count = isSearch ? most : Math.min(part, Math.max(Math.min(most, LEAST_BATCHES), most / batch));
    }

    /** Whether its points have been evaluated. */
    public boolean isDone() {
        return isSearch ? result.evaluated() >= Math.min(count, result.points()) : wanted().isEmpty();
    }

    /** After how many evaluations the pilot of a search ends. */
    int count() {
        return count;
    }

    /** How many points are evaluated together, and have one duration. */
    public int batch() {
        return batch;
    }

    /** What it evaluates, for a message. */
    public String describe() {
        return isSearch ? "the first " + count + " points" : wanted().cardinality() + " points";
    }

    /** The first failure, if all points have failed. */
    public Optional<String> failure() {
        int evaluated = result.evaluated();
        return evaluated == 0 || result.count(PointStatus.FAILED) < evaluated
                ? Optional.empty()
                : result.failures().stream()
                        .findFirst()
                        .map(failure -> "point " + failure.index() + ": " + failure.reason());
    }

    private int[] chosen() {
        return PilotPoints.spread(units, count, spec.seed());
    }

    /** The points of the pilot without an outcome. */
    BitSet wanted() {
        BitSet missing = result.missing();
        BitSet wanted = new BitSet();
        for (int unit : chosen()) {
            wanted.set(unit * batch, Math.min(result.points(), (unit + 1) * batch));
        }
        wanted.and(missing);
        return wanted;
    }

    /** As costs, so that the points are started in the order of the pilot. */
    LongToDoubleFunction order() {
        int[] chosen = chosen();
        Map<Long, Double> priorities = new HashMap<>();
        for (int i = 0; i < chosen.length; i++) {
            priorities.put((long) chosen[i], 2.0 * chosen.length - i);
        }
        return point -> priorities.getOrDefault(point / batch, 0.0) / batch;
    }

    /** Points without an outcome. */
    public int left() {
        return result.points() - result.evaluated();
    }

    public EvaluationResult result() {
        return result;
    }

    /** The names of what durations may depend on. */
    public List<String> features() {
        if (isSearch) {
            return List.of();
        }
        List<String> names = new ArrayList<>(spec.points().names());
        names.add("the number of the point");
        costs().ifPresent(list -> names.add("the declared cost"));
        return names;
    }

    private Optional<TaskList> costs() {
        return spec.labels().filter(TaskList::hasCosts);
    }

    private double[] features(int unit) {
        if (isSearch) {
            return new double[0];
        }
        int first = unit * batch;
        int middle = Math.min(result.points() - 1, first + batch / 2);
        double[] where = result.coordinates(middle);
        double[] features = java.util.Arrays.copyOf(where, features().size());
        features[where.length] = unit;
        costs().ifPresent(list -> features[where.length + 1] = Math.log(Math.max(1e-9, list.cost(middle))));
        return features;
    }

    private double seconds(int unit) {
        double seconds = 0;
        for (int point = unit * batch; point < Math.min(result.points(), (unit + 1) * batch); point++) {
            seconds += result.timings().seconds(point);
        }
        return seconds;
    }

    /** What the durations so far say; empty when there are too few. */
    public Optional<DurationModel> durations() {
        int[] measured = IntStream.range(0, units)
                .filter(unit -> result.timings().isEvaluated(unit * batch))
                .toArray();
        int used = Math.min(measured.length, MOST_MEASURED);
        if (used < DurationModel.LEAST) {
            return Optional.empty();
        }
        int[] thinned = IntStream.range(0, used)
                .map(i -> measured[(int) ((long) i * measured.length / used)])
                .toArray();
        return Optional.of(DurationModel.of(
                IntStream.of(thinned).mapToObj(this::features).toArray(double[][]::new),
                IntStream.of(thinned).mapToDouble(this::seconds).toArray()));
    }

    /** The time that the points without an outcome take, for a job whose points are known. */
    public Forecast forecast(DurationModel model) {
        BitSet missing = result.missing();
        IntStream left = IntStream.range(0, units).filter(unit -> missing.get(unit * batch));
        TaskList list = costs().orElse(null);
        int[] order = list == null
                ? left.toArray()
                : left.boxed()
                        .sorted(Comparator.comparingDouble((Integer unit) -> -list.cost(unit * batch)))
                        .mapToInt(unit -> unit)
                        .toArray();
        return new Forecast(model, order.length, i -> features(order[i]), spec.seed());
    }

    /** The longest duration of a point, in seconds. */
    public double longestSeconds() {
        return IntStream.range(0, result.points())
                .mapToDouble(point -> result.timings().seconds(point))
                .max()
                .orElse(0);
    }
}
