package org.astropool.sampler;

import java.util.random.RandomGenerator;

/**
 * The move of ter Braak (2006, Statistics and Computing 16, 239): along the difference of two other walkers, drawn from
 * the other half so that a half can be evaluated at once (Nelson, Ford and Payne 2014, ApJS 210, 11). Symmetric.
 */
final class DifferentialEvolutionMove implements Move {
    /** The probability of the full difference, which leads from one mode to another, as recommended by ter Braak. */
    private static final double WHOLE_DIFFERENCES = 0.1;

    /**
     * Relative scatter of the step, so that positions are not confined to a lattice. Affine invariant, like the whole
     * move.
     */
    private static final double JITTER = 1e-3;

    @Override
    public double propose(
            RandomGenerator random, double[] position, double[][] ensemble, int first, int count, double[] proposal) {
        int index = random.nextInt(count);
        int offset = 1 + random.nextInt(count - 1);
        double[] head = ensemble[first + index];
        double[] tail = ensemble[first + (index + offset) % count];
        double scale = random.nextDouble() < WHOLE_DIFFERENCES ? 1 : 2.38 / Math.sqrt(2.0 * proposal.length);
        double gamma = scale * (1 + JITTER * random.nextGaussian());
        for (int i = 0; i < proposal.length; i++) {
            proposal[i] = position[i] + gamma * (head[i] - tail[i]);
        }
        return 0;
    }
}
