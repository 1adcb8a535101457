package org.astropool.examples.supernova;

/**
 * Equal panels of u = ln(1+z) from 0 to the farthest supernova, each with Chebyshev nodes, and the weights that lead
 * from the nodes to the supernovae. Immutable.
 */
final class Panels {
    private static final Chebyshev CHEBYSHEV = new Chebyshev(16);
    private static final int NODES = CHEBYSHEV.count();
    /** Of ln(S/u), which is of order 1. Rounding alone gives some 1e-15. */
    private static final double NEGLIGIBLE = 1e-13;

    private static final double[] LAST = CHEBYSHEV.coefficient(NODES - 1);
    private static final double[] LAST_BUT_ONE = CHEBYSHEV.coefficient(NODES - 2);
    private static final double[][] INTEGRALS = integralsToNodes();
    private static final double[] WHOLE = CHEBYSHEV.integralTo(1);

    private final int panels;
    private final double halfWidth;
    private final double[] u;
    private final double[] onePlusRedshift;

    /** For each supernova the position of its panel's first node, and one weight a node. */
    private final int[] firstNode;

    private final double[] weights;

    /** @param supernovae u of each supernova, from 0 to farthest */
    Panels(double farthest, int panels, double[] supernovae) {
        this.panels = panels;
        this.halfWidth = farthest / panels / 2;
        this.u = new double[panels * NODES];
        this.onePlusRedshift = new double[u.length];
        for (int i = 0; i < u.length; i++) {
            u[i] = centre(i / NODES) + halfWidth * CHEBYSHEV.node(i % NODES);
            onePlusRedshift[i] = StrictMath.exp(u[i]);
        }
        this.firstNode = new int[supernovae.length];
        this.weights = new double[supernovae.length * NODES];
        for (int i = 0; i < supernovae.length; i++) {
            int panel = Math.min((int) (supernovae[i] / (2 * halfWidth)), panels - 1);
            firstNode[i] = panel * NODES;
            double[] ofSupernova = CHEBYSHEV.valueAt((supernovae[i] - centre(panel)) / halfWidth);
            System.arraycopy(ofSupernova, 0, weights, i * NODES, NODES);
        }
    }

    private double centre(int panel) {
        return (2 * panel + 1) * halfWidth;
    }

    private static double[][] integralsToNodes() {
        double[][] integrals = new double[NODES][];
        for (int j = 0; j < NODES; j++) {
            integrals[j] = CHEBYSHEV.integralTo(CHEBYSHEV.node(j));
        }
        return integrals;
    }

    /** ln(S/u) at every node; NaN where there is no distance. */
    double[] logRatios(Expansion expansion) {
        double[] logRatios = new double[u.length];
        double[] integrand = new double[NODES];
        double distance = 0;
        for (int first = 0; first < u.length; first += NODES) {
            for (int j = 0; j < NODES; j++) {
                integrand[j] = 1 / Math.sqrt(expansion.reducedSquare(u[first + j], onePlusRedshift[first + j]));
            }
            for (int j = 0; j < NODES; j++) {
                double toNode = distance + halfWidth * product(INTEGRALS[j], 0, integrand, 0);
                logRatios[first + j] = StrictMath.log(transverse(toNode, expansion.curvature()) / u[first + j]);
            }
            distance += halfWidth * product(WHOLE, 0, integrand, 0);
        }
        return logRatios;
    }

    /** S for a line-of-sight comoving distance D, both in units of c / H0. */
    private static double transverse(double distance, double curvature) {
        if (curvature == 0) {
            return distance;
        }
        double inverseRadius = Math.sqrt(Math.abs(curvature));
        double angle = inverseRadius * distance;
        if (curvature > 0) {
            return StrictMath.sinh(angle) / inverseRadius;
        }
        return angle < Math.PI ? StrictMath.sin(angle) / inverseRadius : Double.NaN;
    }

    /** Whether the values at the nodes represent the function between them. */
    boolean resolve(double[] atNodes) {
        for (int panel = 0; panel < panels; panel++) {
            double last = Math.abs(product(LAST, 0, atNodes, panel * NODES));
            double lastButOne = Math.abs(product(LAST_BUT_ONE, 0, atNodes, panel * NODES));
            if (!(last + lastButOne < NEGLIGIBLE)) { // NaN is not resolved
                return false;
            }
        }
        return true;
    }

    /** From the nodes to the supernovae. */
    double[] interpolate(double[] atNodes) {
        double[] atSupernovae = new double[firstNode.length];
        for (int i = 0; i < atSupernovae.length; i++) {
            atSupernovae[i] = product(weights, i * NODES, atNodes, firstNode[i]);
        }
        return atSupernovae;
    }

    private static double product(double[] a, int fromA, double[] b, int fromB) {
        double even = 0;
        double odd = 0; // two sums, because an addition has to wait for the one before it
        for (int j = 0; j < NODES; j += 2) {
            even += a[fromA + j] * b[fromB + j];
            odd += a[fromA + j + 1] * b[fromB + j + 1];
        }
        return even + odd;
    }
}
