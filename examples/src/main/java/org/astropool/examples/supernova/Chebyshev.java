package org.astropool.examples.supernova;

/**
 * Interpolation of a function on [-1, 1] from its values at the roots x_j of the Chebyshev polynomial T_n, by the
 * discrete expansion {@code f(x) = sum' c_k T_k(x)} with {@code c_k = 2/n sum_j f(x_j) T_k(x_j)}, the first term halved
 * (Press et al., Numerical Recipes, section 5.8). Every method gives weights: the result is their sum of products with
 * the n values. Immutable.
 */
final class Chebyshev {
    private final int count;
    private final double[] nodes;
    /** T_k(x_j) by degree, then node. */
    private final double[][] polynomials;

    /** @param count n, at least 3 */
    Chebyshev(int count) {
        this.count = count;
        this.nodes = new double[count];
        this.polynomials = new double[count][count];
        for (int j = 0; j < count; j++) {
            double angle = StrictMath.PI * (count - j - 0.5) / count; // nodes ascend
            nodes[j] = StrictMath.cos(angle);
            for (int k = 0; k < count; k++) {
                polynomials[k][j] = StrictMath.cos(k * angle);
            }
        }
    }

    int count() {
        return count;
    }

    /** The j-th node, ascending in j. */
    double node(int j) {
        return nodes[j];
    }

    /** Weights that give the value at x. */
    double[] valueAt(double x) {
        return weights(values(x));
    }

    /** Weights that give the integral from -1 to x. */
    double[] integralTo(double x) {
        double[] upper = antiderivatives(x);
        double[] lower = antiderivatives(-1);
        for (int k = 0; k < count; k++) {
            upper[k] -= lower[k];
        }
        return weights(upper);
    }

    /** Weights that give the coefficient of T_k. */
    double[] coefficient(int k) {
        double[] only = new double[count];
        only[k] = k == 0 ? 2 : 1;
        return weights(only);
    }

    /** T_0(x) to T_count(x). */
    private double[] values(double x) {
        double[] values = new double[count + 1];
        values[0] = 1;
        values[1] = x;
        for (int k = 2; k <= count; k++) {
            values[k] = 2 * x * values[k - 1] - values[k - 2];
        }
        return values;
    }

    private double[] antiderivatives(double x) {
        double[] t = values(x);
        double[] integrals = new double[count];
        integrals[0] = t[1];
        integrals[1] = t[2] / 4;
        for (int k = 2; k < count; k++) {
            integrals[k] = (t[k + 1] / (k + 1) - t[k - 1] / (k - 1)) / 2;
        }
        return integrals;
    }

    /** From a linear form of the coefficients to one of the values at the nodes. */
    private double[] weights(double[] ofCoefficients) {
        double[] weights = new double[count];
        for (int j = 0; j < count; j++) {
            double sum = ofCoefficients[0] / 2;
            for (int k = 1; k < count; k++) {
                sum += ofCoefficients[k] * polynomials[k][j];
            }
            weights[j] = 2 * sum / count;
        }
        return weights;
    }
}
