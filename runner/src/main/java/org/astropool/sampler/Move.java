package org.astropool.sampler;

import java.util.random.RandomGenerator;

/** Proposes a new position of a walker from where the walkers of the other half of the ensemble are. */
interface Move {

    /**
     * Proposes a position.
     *
     * @param position of the walker
     * @param ensemble positions of all walkers
     * @param first the first walker of the other half
     * @param count the number of walkers there, at least 2
     * @param proposal receives the new position
     * @return what is added to the logarithm of the Metropolis ratio
     */
    double propose(
            RandomGenerator random, double[] position, double[][] ensemble, int first, int count, double[] proposal);
}
