package org.astropool.examples.supernova;

import java.util.Arrays;
import java.util.Random;

/** Supernovae drawn from a known universe: redshifts evenly from 0.01 to 1.2, independent errors of 0.15 mag. */
final class SimulatedDiagram {
    private static final double NEAREST = 0.01;
    private static final double FARTHEST = 1.2;
    private static final double ERROR = 0.15; // mag, about that of a single supernova after standardisation

    private SimulatedDiagram() {}

    /**
     * Draws the supernovae. {@link Random} is used because its numbers are specified: the same on every Java version.
     *
     * @param count at least 2
     */
    static HubbleDiagram draw(Expansion truth, long seed, int count) {
        Random random = new Random(seed);
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
