package org.astropool.sampler;

import java.util.random.RandomGenerator;

/** Proposes a new position of a walker from the positions of the other half of the ensemble. */
interface Move {

    /**
     * Proposes a position.
     *
     * @param position the position of the walker
     * @param ensemble the positions of all walkers
     * @param first the first walker of the other half
     * @param count the number of walkers in the other half, at least 2
     * @param proposal receives the new position
     * @return the term to add to the logarithm of the Metropolis ratio
     */
    double propose(
            RandomGenerator random, double[] position, double[][] ensemble, int first, int count, double[] proposal);
}
