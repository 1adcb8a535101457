package org.astropool.internal.job.forecast;

/** Predicts how long a run takes on a number of slots. */
public interface Forecaster {

    /** The most slots that can be busy at the same time. */
    int mostSlots();

    /** The prediction for so many slots. The same number gives the same prediction. */
    Prediction on(int slots);

    /**
     * A prediction.
     *
     * @param wallSeconds from the beginning of the first unit to the end of the last
     * @param workSeconds the sum of the durations
     * @param efficiency the part of the time for which slots evaluate, from 0 to 1; the median
     */
    record Prediction(int slots, Interval wallSeconds, Interval workSeconds, double efficiency) {}
}
