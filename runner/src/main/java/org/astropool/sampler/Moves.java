package org.astropool.sampler;

/**
 * The weights with which one of the moves is chosen at each step.
 *
 * @param stretch weight of the stretch move of Goodman and Weare (2010), at least 0
 * @param differentialEvolution weight of the differential-evolution move of ter Braak (2006), at least 0
 */
public record Moves(double stretch, double differentialEvolution) {
    /** @throws IllegalArgumentException when a weight is negative or not finite, or both are 0 */
    public Moves {
        if (!(stretch >= 0 && differentialEvolution >= 0)
                || !(stretch + differentialEvolution > 0)
                || Double.isInfinite(stretch + differentialEvolution)) {
            throw new IllegalArgumentException("the weights of the moves are " + stretch + " (stretch) and "
                    + differentialEvolution + " (differential evolution); they must be at least 0, and not both 0");
        }
    }

    /** @param share a uniform random number below 1 */
    Move pick(double share) {
        return share * (stretch + differentialEvolution) < stretch
                ? new StretchMove()
                : new DifferentialEvolutionMove();
    }
}
