package org.astropool.internal.contour;

/**
 * Interpolates the logarithm of a density along an axis, on a finer axis that contains the nodes of the first.
 *
 * <p>Between two nodes it is the polynomial of Lagrange through these two and the next on each side. A neighbour is
 * left out where it would be extrapolation or make the polynomial overshoot: at the ends, where the density is 0 or not
 * known, and where it falls by more than a factor {@code exp(STEEPEST)} from one node to the next. Between a node and
 * one where the density is 0 the density itself is linear.
 */
final class LogInterpolation {
    /** The largest overshoot of the cubic is a sixteenth of it per side; a Gaussian has 8 at nodes 4 sigma apart. */
    private static final double STEEPEST = 8;

    private final double[] coarse;
    private final double[] fine;
    private final int factor;

    LogInterpolation(double[] nodes, int cells) {
        this.coarse = nodes;
        this.factor = Math.max(1, (int) Math.ceil((double) cells / (nodes.length - 1)));
        this.fine = new double[(nodes.length - 1) * factor + 1];
        for (int i = 0; i < nodes.length - 1; i++) {
            for (int k = 0; k < factor; k++) {
                fine[i * factor + k] = nodes[i] + (nodes[i + 1] - nodes[i]) * k / factor;
            }
        }
        fine[fine.length - 1] = nodes[nodes.length - 1];
    }

    double[] nodes() {
        return fine;
    }

    double[] apply(double[] logs) {
        double[] out = new double[fine.length];
        for (int i = 0; i < coarse.length - 1; i++) {
            out[i * factor] = logs[i];
            boolean isFinite = Double.isFinite(logs[i]) && Double.isFinite(logs[i + 1]);
            int from = isFinite && i > 0 && isGentle(logs[i - 1], logs[i]) ? i - 1 : i;
            int to = isFinite && i + 2 < coarse.length && isGentle(logs[i + 2], logs[i + 1]) ? i + 2 : i + 1;
            for (int k = 1; k < factor; k++) {
                out[i * factor + k] = isFinite
                        ? polynomial(logs, from, to, fine[i * factor + k])
                        : towardsZero(logs[i], logs[i + 1], (double) k / factor);
            }
        }
        out[out.length - 1] = logs[logs.length - 1];
        return out;
    }

    private static boolean isGentle(double neighbour, double value) {
        return Math.abs(neighbour - value) <= STEEPEST; // false for NaN
    }

    private double polynomial(double[] logs, int from, int to, double at) {
        double sum = 0;
        for (int i = from; i <= to; i++) {
            double weight = 1;
            for (int j = from; j <= to; j++) {
                if (j != i) {
                    weight *= (at - coarse[j]) / (coarse[i] - coarse[j]);
                }
            }
            sum += weight * logs[i];
        }
        return sum;
    }

    private static double towardsZero(double left, double right, double part) {
        if (Double.isNaN(left) || Double.isNaN(right)) {
            return Double.NaN;
        }
        return left == Double.NEGATIVE_INFINITY ? right + Math.log(part) : left + Math.log1p(-part);
    }

    /** Replaces logarithms by densities whose highest is 1. */
    static void exp(double[] logs, double highest) {
        for (int i = 0; i < logs.length; i++) {
            // Without a highest all are -infinity or NaN, and infinity - infinity is none of them.
            logs[i] = logs[i] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(logs[i] - highest);
        }
    }
}
