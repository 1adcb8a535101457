package org.astropool.examples.lightcurve;

/**
 * The light curve {@code f(t) = A exp(-(t - t0) / tf) / (1 + exp(-(t - t0) / tr))} of Bazin et al. 2009 (A&amp;A 499,
 * 653, equation 1, without its constant), as a function of q = (ln A, t0, ln tr, ln tf). Immutable.
 */
final class BazinFunction {
    static final int PARAMETERS = 4;
    static final int LOG_AMPLITUDE = 0;
    static final int T0 = 1;
    static final int LOG_RISE_TIME = 2;
    static final int LOG_FALL_TIME = 3;

    private final double logAmplitude;
    private final double t0;
    private final double riseTime;
    private final double fallTime;

    /** @param q of length {@link #PARAMETERS}, times in days */
    BazinFunction(double[] q) {
        logAmplitude = q[LOG_AMPLITUDE];
        t0 = q[T0];
        riseTime = StrictMath.exp(q[LOG_RISE_TIME]);
        fallTime = StrictMath.exp(q[LOG_FALL_TIME]);
    }

    /** ln f. */
    double logFlux(double t) {
        double s = t - t0;
        return logAmplitude - s / fallTime - StrictMath.log1p(StrictMath.exp(-s / riseTime));
    }

    /**
     * f and the derivatives of ln f by q.
     *
     * @param gradient of length {@link #PARAMETERS}, filled
     */
    double flux(double t, double[] gradient) {
        double s = t - t0;
        double e = StrictMath.exp(-s / riseTime);
        double notYetRisen = e / (1 + e);
        gradient[LOG_AMPLITUDE] = 1;
        gradient[T0] = 1 / fallTime - notYetRisen / riseTime;
        gradient[LOG_RISE_TIME] = -notYetRisen * s / riseTime;
        gradient[LOG_FALL_TIME] = s / fallTime;
        return StrictMath.exp(logAmplitude - s / fallTime) / (1 + e);
    }

    /** Whether there is a maximum: the function falls more slowly than it rises. */
    boolean hasPeak() {
        return fallTime > riseTime;
    }

    /** The time of maximum, {@code t0 + tr ln(tf / tr - 1)}. */
    double peakTime() {
        return t0 + riseTime * logRatio();
    }

    /** The derivatives of the time of maximum by q. */
    double[] peakTimeGradient() {
        double excess = fallTime / (fallTime - riseTime);
        return new double[] {0, 1, riseTime * (logRatio() - excess), riseTime * excess};
    }

    private double logRatio() {
        return StrictMath.log(fallTime / riseTime - 1);
    }
}
