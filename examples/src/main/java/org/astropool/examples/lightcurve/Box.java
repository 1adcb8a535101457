package org.astropool.examples.lightcurve;

/**
 * Bounds on parameters q by transformation, q = from + (to - from) (1 + sin p) / 2 with p free, as in MINUIT (James and
 * Roos 1975, Computer Physics Communications 10, 343). A parameter without bounds is its own p. Immutable.
 */
final class Box {
    private static final double ON_BOUND = 1e-6;

    private final double[] from;
    private final double[] to;

    /** @param from below to; both infinite where there are no bounds */
    Box(double[] from, double[] to) {
        this.from = from.clone();
        this.to = to.clone();
    }

    private boolean isBounded(int i) {
        return Double.isFinite(from[i]);
    }

    /** p of a point strictly between the bounds. */
    double[] free(double[] q) {
        double[] p = q.clone();
        for (int i = 0; i < p.length; i++) {
            if (isBounded(i)) {
                p[i] = StrictMath.asin(2 * (q[i] - from[i]) / (to[i] - from[i]) - 1);
            }
        }
        return p;
    }

    /** q of any p. */
    double[] bounded(double[] p) {
        double[] q = p.clone();
        for (int i = 0; i < q.length; i++) {
            if (isBounded(i)) {
                q[i] = from[i] + (to[i] - from[i]) * (1 + StrictMath.sin(p[i])) / 2;
            }
        }
        return q;
    }

    /** dq/dp of each parameter. */
    double[] slopes(double[] p) {
        double[] slopes = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            slopes[i] = isBounded(i) ? (to[i] - from[i]) / 2 * StrictMath.cos(p[i]) : 1;
        }
        return slopes;
    }

    /** The first parameter within 1e-6 of a bound, or -1. */
    int onBound(double[] q) {
        for (int i = 0; i < q.length; i++) {
            if (isBounded(i) && (q[i] - from[i] < ON_BOUND || to[i] - q[i] < ON_BOUND)) {
                return i;
            }
        }
        return -1;
    }
}
