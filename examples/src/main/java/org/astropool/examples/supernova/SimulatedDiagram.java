package org.astropool.examples.supernova;

import java.util.Arrays;
import java.util.Random;

/** Supernovae drawn from a known universe: redshifts evenly from 0.01 to 1.2, independent errors of 0.15 mag. */
final class SimulatedDiagram {
    private static final double NEAREST = 0.01;
    private static final double FARTHEST = 1.2;
    private static final double ERROR = 0.15; // mag, about that of a single supernova after standardisation

    static final double OUTLIER_MEAN = 0.5;
    static final double OUTLIER_SIGMA = 0.6;

    private SimulatedDiagram() {}

    /**
     * Draws the supernovae. {@link Random} is used because its numbers are specified: the same on every Java version.
     *
     * @param count at least 2
     */
    static HubbleDiagram draw(Expansion truth, long seed, int count) {
        return draw(truth, new Random(seed), count);
    }

    /**
     * The same supernovae, some of which are replaced by another population: fainter by {@link #OUTLIER_MEAN} mag, with
     * a scatter of {@link #OUTLIER_SIGMA} mag in addition to the errors, as contaminants of a photometric sample are.
     *
     * @param fraction of the other population, from 0 to 1: each supernova belongs to it with this probability
     */
    static HubbleDiagram contaminated(Expansion truth, long seed, int count, double fraction) {
        Random random = new Random(seed);
        HubbleDiagram clean = draw(truth, random, count);
        double[] brightness = clean.brightness().clone();
        for (int i = 0; i < count; i++) {
            boolean isOutlier = random.nextDouble() < fraction;
            double shift = OUTLIER_MEAN + OUTLIER_SIGMA * random.nextGaussian();
            brightness[i] += isOutlier ? shift : 0;
        }
        return new HubbleDiagram(clean.cosmological(), clean.heliocentric(), brightness, clean.precision());
    }

    private static HubbleDiagram draw(Expansion truth, Random random, int count) {
        double[] redshifts = random.doubles(count, NEAREST, FARTHEST).toArray();
        double[] errors = new double[count];
        Arrays.fill(errors, ERROR);
        double[] moduli = new DistanceModuli(redshifts, redshifts).in(truth).orElseThrow();
        for (int i = 0; i < count; i++) {
            moduli[i] += ERROR * random.nextGaussian();
        }
        return new HubbleDiagram(redshifts, redshifts, moduli, PrecisionMatrix.ofErrors(errors));
    }
}
