package org.astropool.examples.hierarchical;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The joint density of the data and of the latent M, x and c of each supernova, given the population:
 *
 * <pre>
 * (mB, x, c)_observed ~ N((mu + M + a x + b c, x, c), Sigma)
 * M ~ N(M_B + dM [massive host], sigma_int),   x ~ N(x0, Rx),   c ~ N(c0, Rc)
 * </pre>
 *
 * <p>Its integral over the latent variables is the likelihood of {@link PopulationLikelihood}. Immutable and
 * thread-safe.
 */
final class LatentDensity {
    private static final double LOG_TWO_PI = StrictMath.log(2 * Math.PI);
    /** Latent variables a supernova. */
    static final int LATENTS = 3;

    private final Sample sample;
    private final double[][] precisions;
    private final double[] logDeterminants;

    /** @throws IllegalArgumentException when the covariance of a supernova is not positive definite */
    LatentDensity(Sample sample) {
        this.sample = sample;
        this.precisions = new double[sample.size()][];
        this.logDeterminants = new double[sample.size()];
        for (int i = 0; i < precisions.length; i++) {
            String name = sample.names().get(i);
            DMatrixRMaj covariance = full(sample.covariances()[i]);
            DMatrixRMaj inverse = inverse(covariance)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the covariance of supernova " + name + " is not positive definite"));
            precisions[i] = inverse.getData();
            logDeterminants[i] = StrictMath.log(CommonOps_DDRM.det(covariance));
        }
    }

    private static DMatrixRMaj full(double[] c) {
        return new DMatrixRMaj(
                LATENTS,
                LATENTS,
                true,
                c[Sample.MM],
                c[Sample.MX],
                c[Sample.MC],
                c[Sample.MX],
                c[Sample.XX],
                c[Sample.XC],
                c[Sample.MC],
                c[Sample.XC],
                c[Sample.CC]);
    }

    private static Optional<DMatrixRMaj> inverse(DMatrixRMaj covariance) {
        DMatrixRMaj inverse = new DMatrixRMaj(LATENTS, LATENTS);
        return CommonOps_DDRM.invertSPD(covariance, inverse) ? Optional.of(inverse) : Optional.empty();
    }

    /**
     * The logarithm of the density of all supernovae.
     *
     * @param moduli distance moduli, in mag
     * @param latents M, x, c of each supernova
     * @param first position of the first of them
     */
    double logDensity(double[] moduli, Population population, double[] latents, int first) {
        double sum = 0;
        for (int i = 0; i < sample.size(); i++) {
            int k = first + LATENTS * i;
            sum += logDensity(i, moduli[i], population, latents[k], latents[k + 1], latents[k + 2]);
        }
        return sum;
    }

    /** The logarithm of the density of one supernova. */
    double logDensity(int i, double modulus, Population population, double magnitude, double x, double c) {
        double[] observed = sample.observed()[i];
        double[] p = precisions[i];
        double dm = observed[0] - modulus - magnitude - population.a() * x - population.b() * c;
        double dx = observed[1] - x;
        double dc = observed[2] - c;
        double chi2 = p[0] * dm * dm
                + p[4] * dx * dx
                + p[8] * dc * dc
                + 2 * (p[1] * dm * dx + p[2] * dm * dc + p[5] * dx * dc);
        return -(chi2 + logDeterminants[i] + LATENTS * LOG_TWO_PI) / 2
                + logNormal(magnitude, population.magnitude(sample.massive()[i]), population.scatter())
                + logNormal(x, population.xMean(), population.xWidth())
                + logNormal(c, population.cMean(), population.cWidth());
    }

    private static double logNormal(double value, double mean, double width) {
        double deviation = (value - mean) / width;
        return -(deviation * deviation + LOG_TWO_PI) / 2 - StrictMath.log(width);
    }
}
