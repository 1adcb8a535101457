package org.astropool.internal.activity;

/**
 * Counts durations in bins that are an eighth of an octave wide, for a median that one long duration does not change.
 */
final class Durations {
    private static final int BINS_PER_OCTAVE = 8;
    /** log2 of the shortest duration in nanoseconds. */
    private static final int LEAST_EXPONENT = 6;

    private static final int OCTAVES = 44; // up to 13 days
    private static final int MANTISSA_BITS = 52;

    private final int[] counts = new int[BINS_PER_OCTAVE * OCTAVES];
    private long total;

    /** Adds so many durations. */
    void add(double nanos, int count) {
        long bits = Double.doubleToRawLongBits(Math.max(nanos, 1 << LEAST_EXPONENT));
        int octave = Math.getExponent(Double.longBitsToDouble(bits)) - LEAST_EXPONENT;
        int part = (int) (bits >>> (MANTISSA_BITS - 3)) & (BINS_PER_OCTAVE - 1);
        counts[Math.min(counts.length - 1, octave * BINS_PER_OCTAVE + part)] += count;
        total += count;
    }

    /** In nanoseconds, within 6 %; 0 when nothing was added. */
    double median() {
        if (total == 0) {
            return 0;
        }
        long below = 0;
        int bin = 0;
        while (2 * (below + counts[bin]) < total) {
            below += counts[bin++];
        }
        double octave = Math.scalb(1.0, LEAST_EXPONENT + bin / BINS_PER_OCTAVE);
        return octave * (1 + (bin % BINS_PER_OCTAVE + 0.5) / BINS_PER_OCTAVE);
    }
}
