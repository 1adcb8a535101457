package org.astropool.internal.job.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.astropool.internal.job.plan.Capacity;
import org.astropool.internal.job.plan.EvaluationSpec;
import org.astropool.internal.job.plan.LogPriors;
import org.astropool.internal.job.plan.PointPages;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.internal.job.table.TableWriter;
import org.astropool.internal.journal.MalformedRecordException;
import org.astropool.internal.text.CutText;
import org.astropool.task.Axis;
import org.astropool.task.Grid;
import org.astropool.task.Outcome;
import org.astropool.task.Output;
import org.astropool.task.Points;
import org.astropool.task.TaskFailure;
import org.jspecify.annotations.Nullable;

/**
 * The results of a model at many points: a status for each point, the outputs of the points that are ok, the failures,
 * the timings. Points are numbered from 0, the last axis varies fastest.
 *
 * <p>Filled by one thread; after that it does not change and may be read by several threads.
 */
public final class EvaluationResult {

    private static final PointStatus[] STATUSES = PointStatus.values();

    /** Total length of the messages of failed and skipped points, beyond which each message is shortened. */
    private static final long MOST_TEXT = 1 << 24;

    private static final int SHORT_TEXT = 100;

    private final EvaluationSpec spec;
    private final Points where;
    private final int points;
    private final OutputColumns outputs;
    private final int likelihood;
    private final LogPriors logPriors;
    private final PointPages layout;
    private final byte[] @Nullable [] status;
    private final int[] counts = new int[STATUSES.length];
    private final Timings timings;
    private final TreeMap<Integer, PointFailure> failures = new TreeMap<>();
    private long outcomes;
    private long textLength;

    /** Holds all outputs in memory. */
    public EvaluationResult(EvaluationSpec spec) {
        this(spec, Long.MAX_VALUE, null);
    }

    /**
     * @param memory bytes of memory that the outputs may use; those that do not fit are read when they are asked for
     * @param source has the outputs of the points that were added; null if all are held in memory
     */
    public EvaluationResult(EvaluationSpec spec, long memory, @Nullable OutputSource source) {
        this.spec = spec;
        this.where = spec.points();
        this.points = Math.toIntExact(where.size());
        this.outputs = new OutputColumns(spec.outputs(), points, Capacity.held(spec, memory), source);
        this.likelihood = outputs.position(Output.LOG_LIKELIHOOD);
        this.logPriors = new LogPriors(spec);
        this.layout = new PointPages(points, 1);
        this.status = new byte[layout.count()][];
        this.timings = new Timings(points);
        counts[PointStatus.MISSING.ordinal()] = points;
    }

    public void add(Outcome<?> outcome) {
        outcomes++;
        int point = Math.toIntExact(outcome.index());
        timings.set(point, outcome.execution());
        if (outcome instanceof Outcome.Done<?> done) {
            outputs.set(point, Objects.requireNonNull(done.result()));
            failures.remove(point); // of an earlier run
            setStatus(point, PointStatus.OK);
        } else if (outcome instanceof Outcome.Failed<?> failed) {
            failures.put(point, PointFailure.of(kept(failed)));
            setStatus(point, PointStatus.FAILED);
        } else if (outcome instanceof Outcome.Skipped<?> skipped) {
            failures.put(
                    point, PointFailure.of(new Outcome.Skipped<>(point, skipped.execution(), kept(skipped.reason()))));
            setStatus(point, PointStatus.SKIPPED);
        }
    }

    /** The outcome of a point does not count any more: it is to be evaluated again. */
    public void withdraw(int point) {
        failures.remove(point);
        setStatus(point, PointStatus.MISSING);
    }

    /** The text, shortened when the texts of very many points would fill the memory. */
    private String kept(String text) {
        String kept = textLength > MOST_TEXT ? CutText.of(text, SHORT_TEXT) : text;
        textLength += kept.length();
        return kept;
    }

    private Outcome.Failed<?> kept(Outcome.Failed<?> failed) {
        TaskFailure failure = failed.failure();
        TaskFailure kept = TaskFailure.ofProgram(failure.kind(), kept(failure.description()), kept(failure.output()))
                .at(failure.worker(), failure.host(), failure.attempts());
        return new Outcome.Failed<>(failed.index(), failed.execution(), kept);
    }

    private void setStatus(int point, PointStatus value) {
        byte[] page = status[layout.page(point)];
        if (page == null) {
            page = new byte[layout.size()];
            status[layout.page(point)] = page;
        }
        int place = layout.place(point);
        counts[page[place]]--;
        counts[value.ordinal()]++;
        page[place] = (byte) value.ordinal();
    }

    /**
     * Checks an outcome that comes from a file.
     *
     * @throws MalformedRecordException when its outputs are not those of the model
     */
    public void check(Outcome<?> outcome) {
        if (outcome instanceof Outcome.Done<?> done) {
            try {
                outputs.check(done.result());
            } catch (IllegalArgumentException e) {
                throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    public EvaluationSpec spec() {
        return spec;
    }

    /** Number of points. */
    public int points() {
        return points;
    }

    /**
     * Counts of the axes of a grid, in order: the shape into which a column can be reshaped; else the number of points.
     */
    public int[] shape() {
        return where instanceof Grid grid ? grid.shape() : new int[] {points};
    }

    /** How many outcomes were added, including those that were replaced by newer ones. */
    public long outcomes() {
        return outcomes;
    }

    /** How many points have this status. */
    public int count(PointStatus wanted) {
        return counts[wanted.ordinal()];
    }

    /** How many points have an outcome. */
    public int evaluated() {
        return points - count(PointStatus.MISSING);
    }

    /** @param point from 0 to points - 1 */
    public PointStatus status(int point) {
        byte[] page = status[layout.page(point)];
        return page == null ? PointStatus.MISSING : STATUSES[page[layout.place(point)]];
    }

    /** The points without an outcome. */
    public BitSet missing() {
        return pointsWith(PointStatus.MISSING);
    }

    public BitSet pointsWith(PointStatus wanted) {
        BitSet found = new BitSet(points);
        for (int point = 0; point < points; point++) {
            if (status(point) == wanted) {
                found.set(point);
            }
        }
        return found;
    }

    /** The points that have an outcome, in order. */
    IntStream withOutcome() {
        return IntStream.range(0, status.length)
                .filter(page -> status[page] != null)
                .flatMap(page -> IntStream.range(layout.first(page), layout.first(page + 1)))
                .filter(point -> status(point) != PointStatus.MISSING);
    }

    public boolean isOk(int point) {
        return status(point) == PointStatus.OK;
    }

    /**
     * The number of a point of a grid.
     *
     * @param positions the position on each axis, from 0
     * @throws IllegalArgumentException when there is not a position for each axis
     */
    public int point(int... positions) {
        List<Axis> axes = where instanceof Grid grid ? grid.axes() : List.of();
        if (positions.length != axes.size()) {
            throw new IllegalArgumentException(positions.length + " positions for " + axes.size() + " axes");
        }
        int point = 0;
        for (int a = 0; a < positions.length; a++) {
            int count = axes.get(a).count();
            point = point * count + Objects.checkIndex(positions[a], count);
        }
        return point;
    }

    /** The parameters of a point that vary, in the order of {@link Points#names}. */
    public double[] coordinates(int point) {
        return where.point(point);
    }

    /**
     * A column, one value per point, in the order of the index.
     *
     * @param name a parameter that varies, an output of type double, long or boolean (as 0 and 1), log_prior or
     *     log_posterior; outputs of points that are not ok are NaN
     * @throws IllegalArgumentException when there is no such column, or it does not hold numbers
     */
    public double[] numbers(String name) {
        return IntStream.range(0, points).mapToDouble(number(name)).toArray();
    }

    private IntToDoubleFunction number(String name) {
        if (name.equals(EvaluationSpec.LOG_PRIOR)) {
            return this::logPrior;
        }
        if (name.equals(EvaluationSpec.LOG_POSTERIOR)) {
            return point -> isOk(point) ? logPosterior(point) : Double.NaN;
        }
        int parameter = where.names().indexOf(name);
        if (parameter >= 0) {
            return point -> where.point(point)[parameter];
        }
        int output = position(name);
        return switch (outputs.output(output).type()) {
            case DOUBLE, BOOLEAN -> point -> isOk(point) ? outputs.number(output, point) : Double.NaN;
            case LONG -> point -> isOk(point) ? outputs.integer(output, point) : Double.NaN;
            case STRING, DOUBLE_VECTOR ->
                throw new IllegalArgumentException("output \"" + name + "\" does not hold numbers; use value()");
        };
    }

    /**
     * An output of any type: Double, Long, Boolean, String or double[].
     *
     * @return null when the point is not ok
     * @throws IllegalArgumentException when the model has no such output
     */
    public @Nullable Object value(String name, int point) {
        return value(position(name), point);
    }

    @Nullable
    public Object value(int output, int point) {
        if (!isOk(point)) {
            return null;
        }
        return switch (outputs.output(output).type()) {
            case DOUBLE -> outputs.number(output, point);
            case LONG -> outputs.integer(output, point);
            case BOOLEAN -> outputs.flag(output, point);
            case STRING -> outputs.string(output, point);
            case DOUBLE_VECTOR -> outputs.vector(output, point);
        };
    }

    private int position(String output) {
        int position = outputs.position(output);
        if (position < 0) {
            throw new IllegalArgumentException("model " + spec.model().name() + " has no output \"" + output
                    + "\"; it has " + spec.outputs().stream().map(Output::name).toList());
        }
        return position;
    }

    /** Whether reading an output costs almost nothing, since it is in memory. */
    public boolean isHeld(String output) {
        return outputs.isHeld(position(output));
    }

    /** All outputs of a point that is ok, except strings, as numbers: a long is rounded, a boolean is 0 or 1. */
    double[] outputNumbers(int point) {
        return outputs.numbers(point);
    }

    public double logLikelihood(int point) {
        return outputs.number(likelihood, point);
    }

    double logPrior(int point) {
        return logPriors.at(point);
    }

    double logPosterior(int point) {
        return logPrior(point) + logLikelihood(point);
    }

    /** The points that failed or were skipped, in order. */
    public List<PointFailure> failures() {
        return List.copyOf(failures.values());
    }

    public Timings timings() {
        return timings;
    }

    /** Empty when the model has no log_likelihood, or no point is ok. */
    public Optional<BestFit> best() {
        if (likelihood < 0) {
            return Optional.empty();
        }
        int best = withOutcome()
                .filter(this::isOk)
                .reduce((one, other) -> logLikelihood(other) > logLikelihood(one) ? other : one)
                .orElse(-1);
        if (best < 0) {
            return Optional.empty();
        }
        Map<String, Double> parameters = new LinkedHashMap<>();
        double[] values = where.point(best);
        for (int i = 0; i < values.length; i++) {
            parameters.put(where.names().get(i), values[i]);
        }
        return Optional.of(new BestFit(best, parameters, logLikelihood(best)));
    }

    /**
     * Mean and standard deviation of each parameter of a grid, over the points that are ok: p = exp(logL - max) times
     * the prior and the cell widths of uneven axes. Empty when there is no grid, the model has no log_likelihood, or it
     * is zero everywhere.
     */
    public Map<String, Marginal> marginals() {
        return hasPosterior() ? new Posterior(this).marginals() : Map.of();
    }

    /** ln of the mean of exp(logL) over the points of a grid that are ok, weighted by prior and cell widths. */
    public OptionalDouble logEvidence() {
        return hasPosterior() ? new Posterior(this).logEvidence() : OptionalDouble.empty();
    }

    /** The points of a table have no cells to sum over. */
    private boolean hasPosterior() {
        return likelihood >= 0 && where instanceof Grid;
    }

    /**
     * Writes the table of all points, with units, descriptions and metadata: as a whole or not at all.
     *
     * @throws IOException when the disk is full, or the file cannot be written
     */
    public void write(TableFormat format, Path file) throws IOException {
        TableWriter.write(new ResultTables(this).results(), format, file);
    }

    @Override
    public String toString() {
        return "EvaluationResult of " + spec.model().name() + ", shape " + Arrays.toString(shape()) + ": "
                + count(PointStatus.OK) + " ok, " + count(PointStatus.FAILED) + " failed, "
                + count(PointStatus.SKIPPED) + " skipped";
    }
}
