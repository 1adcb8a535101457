package org.astropool.examples.hierarchical;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * chi^2 of the SNLS three-year compilation with its full covariance (Conley et al. 2011, ApJS 192, 1):
 *
 * <pre>
 * C = V0 + alpha^2 Va + beta^2 Vb + 2 alpha V0a - 2 beta V0b - 2 alpha beta Vab + diag(D)
 * D = mm + alpha^2 xx + beta^2 cc + 2 alpha mx - 2 beta mc - 2 alpha beta xc
 * r = mB - mu - M + alpha (s - 1) - beta c,   chi2 = r' C^-1 r
 * </pre>
 *
 * <p>C is built and factorised at each call: N^3 / 3 operations. Immutable and thread-safe.
 */
final class Snls3Likelihood {
    private final Sample sample;
    private final double[][] matrices;

    Snls3Likelihood(Snls3Data data) {
        sample = data.sample();
        matrices = data.matrices();
    }

    /**
     * chi^2 of a relation.
     *
     * @param moduli distance moduli, in mag
     * @param magnitude M in hosts up to 10^10 solar masses
     * @param massStep what is added in more massive ones
     * @return empty when C is not positive definite
     */
    Optional<Double> chi2(double[] moduli, double alpha, double beta, double magnitude, double massStep) {
        int size = sample.size();
        DMatrixRMaj residuals = new DMatrixRMaj(size, 1);
        for (int i = 0; i < size; i++) {
            double[] observed = sample.observed()[i];
            double mean = sample.massive()[i] ? magnitude + massStep : magnitude;
            residuals.set(i, 0, observed[0] - moduli[i] - mean + alpha * observed[1] - beta * observed[2]);
        }
        LinearSolverDense<DMatrixRMaj> cholesky = LinearSolverFactory_DDRM.chol(size);
        if (!cholesky.setA(covariance(alpha, beta))) {
            return Optional.empty();
        }
        DMatrixRMaj weighted = new DMatrixRMaj(size, 1);
        cholesky.solve(residuals, weighted);
        double chi2 = 0;
        for (int i = 0; i < size; i++) {
            chi2 += residuals.get(i, 0) * weighted.get(i, 0);
        }
        return Optional.of(chi2);
    }

    private DMatrixRMaj covariance(double alpha, double beta) {
        int size = sample.size();
        double[] factors = {1, alpha * alpha, beta * beta, 2 * alpha, -2 * beta, -2 * alpha * beta};
        double[] c = new double[size * size];
        for (int k = 0; k < factors.length; k++) {
            double[] matrix = matrices[k];
            for (int i = 0; i < c.length; i++) {
                c[i] += factors[k] * matrix[i];
            }
        }
        for (int i = 0; i < size; i++) {
            double[] s = sample.covariances()[i];
            c[i * size + i] += s[Sample.MM]
                    + factors[1] * s[Sample.XX]
                    + factors[2] * s[Sample.CC]
                    + factors[3] * s[Sample.MX]
                    + factors[4] * s[Sample.MC]
                    + factors[5] * s[Sample.XC];
        }
        return DMatrixRMaj.wrap(size, size, c);
    }
}
