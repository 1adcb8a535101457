package org.astropool.internal.job.forecast;

import java.util.SplittableRandom;

/**
 * Predicts how long rounds of units take, each of which begins when the one before has ended: the halves of the steps
 * of an ensemble sampler. Immutable.
 */
public final class RoundsForecast implements Forecaster {
    private static final int REPLICATES = 200;
    /** Rounds that are drawn one by one; for the others their mean and variance are used. */
    private static final int DRAWN = 50;

    private final DurationModel model;
    private final long rounds;
    private final int size;
    private final long seed;

    /**
     * A forecast for rounds that are still to come.
     *
     * @param model of units without features
     * @param rounds how many
     * @param size units of each
     */
    public RoundsForecast(DurationModel model, long rounds, int size, long seed) {
        this.model = model;
        this.rounds = rounds;
        this.size = size;
        this.seed = seed;
    }

    @Override
    public int mostSlots() {
        return size;
    }

    @Override
    public Prediction on(int slots) {
        double[] walls = new double[REPLICATES];
        double[] works = new double[REPLICATES];
        double[] efficiencies = new double[REPLICATES];
        for (int i = 0; i < REPLICATES; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            DurationModel.Draw draw = model.draw(random);
            double scale = draw.scale(model.row(new double[0]));
            double sum = 0;
            double squares = 0;
            double work = 0;
            for (int round = 0; round < DRAWN; round++) {
                ListSchedule schedule = new ListSchedule(Math.min(slots, size), 0);
                for (int unit = 0; unit < size; unit++) {
                    double seconds = scale * draw.factors().draw(random);
                    work += seconds;
                    schedule.add(seconds);
                }
                sum += schedule.end();
                squares += schedule.end() * schedule.end();
            }
            double mean = sum / DRAWN;
            double variance = Math.max(0, squares / DRAWN - mean * mean);
            walls[i] = Math.max(0, rounds * mean + Math.sqrt(rounds * variance) * random.nextGaussian());
            works[i] = work * rounds / DRAWN;
            efficiencies[i] = work / (slots * sum);
        }
        return new Prediction(
                slots,
                Interval.of(walls),
                Interval.of(works),
                Interval.of(efficiencies).median());
    }
}
