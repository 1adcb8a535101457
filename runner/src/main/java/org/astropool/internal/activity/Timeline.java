package org.astropool.internal.activity;

import java.util.Arrays;

/**
 * Busy slot-seconds in bins of equal width. When there would be too many bins, pairs of them are merged, so that a
 * timeline takes as much memory after a day as after a minute.
 */
final class Timeline {
    static final int MOST_BINS = 240;

    private float[] bins = new float[8];

    /** Adds one busy slot between two times, in units of the width of a bin. */
    void add(double from, double to) {
        int last = (int) to;
        for (int bin = (int) from; bin <= last && bin < MOST_BINS; bin++) {
            if (bin >= bins.length) {
                bins = Arrays.copyOf(bins, Math.min(MOST_BINS, Math.max(bin + 1, 2 * bins.length)));
            }
            bins[bin] += (float) (Math.min(to, bin + 1.0) - Math.max(from, bin));
        }
    }

    /** The width of the bins is doubled. */
    void halve() {
        float[] merged = new float[bins.length];
        for (int i = 0; i < bins.length; i++) {
            merged[i / 2] += bins[i] / 2;
        }
        bins = merged;
    }

    Timeline copy() {
        Timeline copy = new Timeline();
        copy.bins = bins.clone();
        return copy;
    }

    /** The busy part of so many slots in each bin, without the idle bins at the end. */
    float[] fractions(int slots) {
        int length = bins.length;
        while (length > 0 && bins[length - 1] == 0) {
            length--;
        }
        float[] fractions = new float[length];
        for (int i = 0; i < length; i++) {
            fractions[i] = Math.min(1, bins[i] / slots);
        }
        return fractions;
    }
}
