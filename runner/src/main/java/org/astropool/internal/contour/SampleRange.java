package org.astropool.internal.contour;

/**
 * Evenly spaced nodes for the samples of one parameter.
 *
 * @param step between two nodes
 * @param isLowHard whether the first node is at an edge of the parameter; otherwise the density is 0 there
 */
record SampleRange(double from, double step, int nodes, boolean isLowHard, boolean isHighHard) {
    /**
     * The range of the samples, with a margin where there is no edge.
     *
     * @param scale that must be resolved; there are 6 nodes on it, if these are not too many
     */
    static SampleRange of(
            double[] samples, double[] weights, Edges edges, double margin, double scale, int fewest, int most) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < samples.length; i++) {
            if (weights[i] > 0) {
                least = Math.min(least, samples[i]);
                greatest = Math.max(greatest, samples[i]);
            }
        }
        boolean isLowHard = least - margin <= edges.low();
        boolean isHighHard = greatest + margin >= edges.high();
        // A sample beyond its edge is a mistake of the caller; it still has a place.
        double from = isLowHard ? Math.min(edges.low(), least) : least - margin;
        double to = isHighHard ? Math.max(edges.high(), greatest) : greatest + margin;
        int nodes = (int) Math.max(fewest, Math.min(most, 6 * (to - from) / scale));
        return new SampleRange(from, (to - from) / (nodes - 1), nodes, isLowHard, isHighHard);
    }

    double[] axis() {
        double[] axis = new double[nodes];
        for (int i = 0; i < nodes; i++) {
            axis[i] = from + i * step;
        }
        return axis;
    }

    /** The node below a value; the last but one for the end of the range. */
    int below(double value) {
        return Math.max(0, Math.min(nodes - 2, (int) ((value - from) / step)));
    }
}
