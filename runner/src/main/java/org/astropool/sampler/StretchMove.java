package org.astropool.sampler;

import java.util.random.RandomGenerator;

/**
 * The stretch move of Goodman and Weare (2010, CAMCoS 5, 65) with their a = 2; equations 7 to 10 of Foreman-Mackey et
 * al. (2013).
 */
final class StretchMove implements Move {
    private static final double A = 2;

    @Override
    public double propose(
            RandomGenerator random, double[] position, double[][] ensemble, int first, int count, double[] proposal) {
        double[] other = ensemble[first + random.nextInt(count)];
        // the inverse of the cumulative distribution of their density 1/sqrt(z) between 1/a and a
        double root = (A - 1) * random.nextDouble() + 1;
        double z = root * root / A;
        for (int i = 0; i < proposal.length; i++) {
            proposal[i] = other[i] + z * (position[i] - other[i]);
        }
        return (proposal.length - 1) * Math.log(z);
    }
}
