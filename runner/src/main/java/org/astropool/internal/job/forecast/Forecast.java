package org.astropool.internal.job.forecast;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Predicts how long units take on a number of slots that take them in order. Many replicates of the run are drawn, each
 * with another {@link DurationModel.Draw} and other durations. In each of them all slots are busy without a gap until
 * the last units, which are handed out one by one. Immutable.
 */
public final class Forecast implements Forecaster {
    /** The last units that are handed out one by one, for each slot. */
    private static final int LAST_PER_SLOT = 8;
    /** Units that stand for all others when their trend is summed. */
    private static final int REPRESENTATIVES = 256;
    /** More units than that are not sorted by their trend; some of them are. */
    private static final int MOST_SORTED = 1 << 16;

    private static final int MOST_REPLICATES = 400;
    private static final int FEWEST_REPLICATES = 100;
    private static final double MOST_DRAWS = 4e6;
    /** Of a longer tail only so many units are drawn one by one. */
    private static final int MOST_LONGEST = 4096;

    private static final int QUANTILES = 256;

    private final DurationModel model;
    private final int units;
    private final IntFunction<double[]> rows;
    private final int replicates;
    private final long seed;

    private record Outcome(double wall, double work) {}

    /**
     * A forecast for units that are still to be evaluated.
     *
     * @param units how many
     * @param features those of each unit, in the order in which the units are handed out
     * @param seed of the replicates
     */
    public Forecast(DurationModel model, int units, IntFunction<double[]> features, long seed) {
        this(model, units, features, seed, (int) Math.max(
                FEWEST_REPLICATES, Math.min(MOST_REPLICATES, MOST_DRAWS / (Factors.TAIL * units + 1))));
    }

    Forecast(DurationModel model, int units, IntFunction<double[]> features, long seed, int replicates) {
        this.model = model;
        this.units = units;
        this.rows = unit -> model.row(features.apply(unit));
        this.seed = seed;
        this.replicates = replicates;
    }

    @Override
    public int mostSlots() {
        return units;
    }

    @Override
    public Prediction on(int slots) {
        int last = (int) Math.min(units, (long) LAST_PER_SLOT * slots);
        double[][] lastRows = new double[last][];
        Arrays.setAll(lastRows, i -> rows.apply(units - last + i));
        double[][] representatives = representatives(units - last);
        double[] walls = new double[replicates];
        double[] works = new double[replicates];
        double[] efficiencies = new double[replicates];
        for (int i = 0; i < replicates; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            DurationModel.Draw draw = model.draw(random);
            Outcome outcome = replicate(draw, slots, representatives, lastRows, random);
            walls[i] = outcome.wall;
            works[i] = outcome.work;
            efficiencies[i] = outcome.work / (slots * outcome.wall);
        }
        return new Prediction(
                slots,
                Interval.of(walls),
                Interval.of(works),
                Math.min(1, Interval.of(efficiencies).median()));
    }

    private Outcome replicate(
            DurationModel.Draw draw,
            int slots,
            double[][] representatives,
            double[][] lastRows,
            SplittableRandom random) {
        double work = 0;
        double end = 0;
        int first = units - lastRows.length;
        if (first > 0) {
            double[] scales =
                    Arrays.stream(representatives).mapToDouble(draw::scale).toArray();
            int tail = binomial(first, random);
            Factors factors = draw.factors();
            Tail drawn = Tail.of(tail, factors, random);
            double[] longest = drawn.longest;
            for (int i = 0; i < longest.length; i++) {
                longest[i] *= scales[random.nextInt(scales.length)];
                work += longest[i];
            }
            work += sum(scales, tail - longest.length, drawn.mean, drawn.variance, random);
            work += sum(scales, first - tail, factors.mean(), factors.variance(), random);
            double begun = work / slots;
            for (double seconds : longest) {
                end = Math.max(end, random.nextDouble() * begun + seconds);
            }
        }
        ListSchedule schedule = new ListSchedule(Math.min(slots, units), work / slots);
        for (double[] row : lastRows) {
            double seconds = draw.scale(row) * draw.factors().draw(random);
            work += seconds;
            schedule.add(seconds);
        }
        return new Outcome(Math.max(end, schedule.end()), work);
    }

    /**
     * Factors of the tail: all of them if they are few, else the largest, which may decide how long the run takes.
     *
     * @param mean of the others
     * @param variance of the others
     */
    private record Tail(double[] longest, double mean, double variance) {

        /** Order statistics of uniform numbers, from the largest down: Devroye (1986), section V.3. */
        static Tail of(int count, Factors factors, SplittableRandom random) {
            double[] longest = new double[Math.min(count, MOST_LONGEST)];
            if (longest.length == count) {
                Arrays.setAll(longest, i -> factors.drawTail(random));
                return new Tail(longest, 0, 0);
            }
            double u = Math.nextDown(1.0);
            for (int i = 0; i < longest.length; i++) {
                u *= Math.pow(random.nextDouble(), 1.0 / (count - i));
                longest[i] = factors.tailQuantile(u);
            }
            double[] others = new double[QUANTILES];
            double below = u;
            Arrays.setAll(others, i -> factors.tailQuantile(below * (i + 0.5) / QUANTILES));
            double mean = Arrays.stream(others).sum() / QUANTILES;
            double variance = Arrays.stream(others)
                            .map(one -> (one - mean) * (one - mean))
                            .sum()
                    / QUANTILES;
            return new Tail(longest, mean, variance);
        }
    }

    /** The sum of the durations of so many units with this mean and variance, by the central limit theorem. */
    private static double sum(double[] scales, int count, double mean, double variance, SplittableRandom random) {
        double sum = 0;
        double squares = 0;
        for (double scale : scales) {
            sum += scale;
            squares += scale * scale;
        }
        double each = (double) count / scales.length;
        return Math.max(0, each * sum * mean + Math.sqrt(each * squares * variance) * random.nextGaussian());
    }

    private static int binomial(int count, SplittableRandom random) {
        double mean = Factors.TAIL * count;
        double deviation = Math.sqrt(mean * (1 - Factors.TAIL));
        return (int) Math.max(0, Math.min(count, Math.round(mean + deviation * random.nextGaussian())));
    }

    /** Units with evenly spaced ranks in the order of their trend. */
    private double[][] representatives(int count) {
        SplittableRandom random = new SplittableRandom(seed);
        int sorted = Math.min(count, model.hasTrend() ? MOST_SORTED : 1);
        int chosen = Math.min(sorted, REPRESENTATIVES);
        DurationModel.Draw expected = model.expected();
        record Ranked(double[] row, double scale) {}
        Ranked[] all = new Ranked[sorted];
        for (int i = 0; i < sorted; i++) {
            long from = (long) i * count / sorted;
            long end = (long) (i + 1) * count / sorted;
            double[] row = rows.apply((int) (from + random.nextLong(end - from)));
            all[i] = new Ranked(row, expected.scale(row));
        }
        Arrays.sort(all, Comparator.comparingDouble(Ranked::scale));
        double[][] representatives = new double[chosen][];
        Arrays.setAll(representatives, i -> all[(int) ((i + 0.5) * sorted / chosen)].row);
        return representatives;
    }
}
