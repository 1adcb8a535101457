package org.astropool.internal.activity;

/** Counts durations in bins that are a twelfth wider each, for a median that one long duration does not change. */
final class Durations {
    private static final int BINS_PER_OCTAVE = 8;
    private static final double SHORTEST_NANOS = 64;
    private static final int OCTAVES = 44; // up to 13 days

    private final int[] counts = new int[BINS_PER_OCTAVE * OCTAVES];
    private long total;

    /** Adds so many durations. */
    void add(double nanos, int count) {
        double octaves = Math.log(Math.max(nanos, SHORTEST_NANOS) / SHORTEST_NANOS) / Math.log(2);
        counts[(int) Math.min(counts.length - 1.0, octaves * BINS_PER_OCTAVE)] += count;
        total += count;
    }

    /** In nanoseconds, within 5 %; 0 when nothing was added. */
    double median() {
        if (total == 0) {
            return 0;
        }
        long below = 0;
        int bin = 0;
        while (2 * (below + counts[bin]) < total) {
            below += counts[bin++];
        }
        return SHORTEST_NANOS * Math.pow(2, (bin + 0.5) / BINS_PER_OCTAVE);
    }
}
