package org.astropool.internal.contour;

/** The covariance of weighted samples of two parameters. */
record Moments(double xx, double xy, double yy) {
    /** @throws IllegalArgumentException when the weights have no sum above 0 */
    static Moments of(double[] x, double[] y, double[] weights) {
        double total = 0;
        double xMean = 0;
        double yMean = 0;
        for (int i = 0; i < x.length; i++) {
            total += weights[i];
            xMean += weights[i] * x[i];
            yMean += weights[i] * y[i];
        }
        if (!(total > 0)) {
            throw new IllegalArgumentException("there is no sample");
        }
        xMean /= total;
        yMean /= total;
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += weights[i] * (x[i] - xMean) * (x[i] - xMean);
            xy += weights[i] * (x[i] - xMean) * (y[i] - yMean);
            yy += weights[i] * (y[i] - yMean) * (y[i] - yMean);
        }
        return new Moments(xx / total, xy / total, yy / total);
    }
}
