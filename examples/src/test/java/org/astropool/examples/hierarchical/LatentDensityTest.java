package org.astropool.examples.hierarchical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.astropool.examples.supernova.Cosmology;
import org.astropool.examples.supernova.PublishedData;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Parameter;
import org.hipparchus.analysis.integration.gauss.GaussIntegrator;
import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The explicit-latent density, integrated numerically, is the analytic likelihood. */
class LatentDensityTest {
    private static final int POINTS = 20;
    private static final GaussIntegrator HERMITE = new GaussIntegratorFactory().hermite(8);
    /**
     * Of the nodes' scale over that of the density: so that the integrand is no constant, which any rule would get
     * right.
     */
    private static final double WIDER = 1.05;

    @ParameterizedTest
    @ValueSource(longs = 20140568)
    void integratedOverItsLatentVariablesItIsTheLikelihood(long seed) throws IOException {
        Random random = new Random(seed);
        Sample sample = JlaSample.read(JlaSample.file(PublishedData.folder()));
        PopulationLikelihood likelihood = new PopulationLikelihood(sample);
        LatentDensity density = new LatentDensity(sample);
        for (int point = 0; point < POINTS; point++) {
            Population population = population(random);
            double[] universe = {uniform(random, 0.1, 0.6)};
            double[] moduli = Distances.free(Cosmology.of("flat-lcdm"), sample.cosmological(), sample.heliocentric())
                    .moduli(universe)
                    .orElseThrow();

            double numerical = 0;
            for (int i = 0; i < sample.size(); i++) {
                numerical += logIntegral(density, i, moduli[i], population, sample.observed()[i]);
            }

            assertThat(likelihood.fit(moduli, population).logLikelihood())
                    .as("seed %d, point %d: %s", seed, point, population)
                    .isCloseTo(numerical, within(1e-6));
        }
    }

    private static Population population(Random random) {
        return new Population(
                -uniform(random, 0.05, 0.3),
                uniform(random, 1, 5),
                uniform(random, -19.5, -18.8),
                uniform(random, -0.2, 0.2),
                uniform(random, 0.03, 0.3),
                uniform(random, -0.5, 0.5),
                uniform(random, 0.5, 2),
                uniform(random, -0.1, 0.1),
                uniform(random, 0.03, 0.2));
    }

    private static double uniform(Random random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** By a three-dimensional Gauss-Hermite rule about the maximum of the density, which is found by differences. */
    private static double logIntegral(
            LatentDensity density, int i, double modulus, Population population, double[] observed) {
        RealVector about = new ArrayRealVector(new double[] {
            observed[0] - modulus - population.a() * observed[1] - population.b() * observed[2],
            observed[1],
            observed[2]
        });
        RealMatrix curvature = new Array2DRowRealMatrix(3, 3);
        RealVector gradient = new ArrayRealVector(3);
        double h = 0.01;
        for (int k = 0; k < 3; k++) {
            gradient.setEntry(
                    k,
                    (at(density, i, modulus, population, moved(about, k, h, k, 0))
                                    - at(density, i, modulus, population, moved(about, k, -h, k, 0)))
                            / (2 * h));
            for (int l = 0; l < 3; l++) {
                double second = at(density, i, modulus, population, moved(about, k, h, l, h))
                        - at(density, i, modulus, population, moved(about, k, h, l, -h))
                        - at(density, i, modulus, population, moved(about, k, -h, l, h))
                        + at(density, i, modulus, population, moved(about, k, -h, l, -h));
                curvature.setEntry(k, l, -second / (4 * h * h));
            }
        }
        RealMatrix covariance =
                new CholeskyDecomposition(curvature, 1e-6, 1e-10).getSolver().getInverse();
        RealVector maximum = about.add(covariance.operate(gradient));
        double[][] scale = new CholeskyDecomposition(covariance, 1e-6, 1e-14)
                .getL()
                .scalarMultiply(WIDER * Math.sqrt(2))
                .getData();
        double reference = at(density, i, modulus, population, maximum);
        double sum = 0;
        for (int u = 0; u < HERMITE.getNumberOfPoints(); u++) {
            double y0 = HERMITE.getPoint(u);
            for (int v = 0; v < HERMITE.getNumberOfPoints(); v++) {
                double y1 = HERMITE.getPoint(v);
                for (int w = 0; w < HERMITE.getNumberOfPoints(); w++) {
                    double y2 = HERMITE.getPoint(w);
                    double logDensity = density.logDensity(
                            i,
                            modulus,
                            population,
                            maximum.getEntry(0) + scale[0][0] * y0,
                            maximum.getEntry(1) + scale[1][0] * y0 + scale[1][1] * y1,
                            maximum.getEntry(2) + scale[2][0] * y0 + scale[2][1] * y1 + scale[2][2] * y2);
                    sum += HERMITE.getWeight(u)
                            * HERMITE.getWeight(v)
                            * HERMITE.getWeight(w)
                            * Math.exp(logDensity - reference + y0 * y0 + y1 * y1 + y2 * y2);
                }
            }
        }
        return reference + Math.log(sum * scale[0][0] * scale[1][1] * scale[2][2]);
    }

    private static double at(LatentDensity density, int i, double modulus, Population population, RealVector latents) {
        return density.logDensity(
                i, modulus, population, latents.getEntry(0), latents.getEntry(1), latents.getEntry(2));
    }

    private static RealVector moved(RealVector from, int k, double stepOfK, int l, double stepOfL) {
        RealVector moved = from.copy();
        moved.addToEntry(k, stepOfK);
        moved.addToEntry(l, stepOfL);
        return moved;
    }

    @Test
    void latentVariablesOfTheChosenSupernovaeAreParameters() throws Exception {
        Model model = new SupernovaLatent();
        ModelOptions options = Evaluated.options(model, Map.of("supernovae", "03D1au 03D1bp", "cosmology", "fixed"));
        Sample sample = JlaSample.read(JlaSample.file(PublishedData.folder())).only(List.of("03D1au", "03D1bp"));
        double[] moduli = Distances.fixed(0.3, sample.cosmological(), sample.heliocentric())
                .moduli(new double[0])
                .orElseThrow();
        double[] population = {0.14, 3.1, -19.05, -0.06, 0.1, 0, 1, -0.03, 0.08};
        double[] latents = {-19.1, 0.5, 0.01, -19.0, -0.5, -0.02};
        double[] point = new double[15];
        System.arraycopy(population, 0, point, 0, 9);
        System.arraycopy(latents, 0, point, 9, 6);

        assertThat(model.parameters(options))
                .extracting(Parameter::name)
                .containsExactly(
                        "alpha",
                        "beta",
                        "M_B",
                        "dM",
                        "sigma_int",
                        "x0",
                        "Rx",
                        "c0",
                        "Rc",
                        "M_1",
                        "x_1",
                        "c_1",
                        "M_2",
                        "x_2",
                        "c_2");
        assertThat(Evaluated.at(model, options, point).get("log_likelihood"))
                .isEqualTo(new LatentDensity(sample)
                        .logDensity(moduli, Population.at(population, 0, SampleKind.JLA), latents, 0));
    }
}
