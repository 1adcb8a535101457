package org.astropool.sampler;

/** All walkers after a step. Immutable. */
public final class Ensemble {
    private final long step;
    private final double[][] positions;
    private final double[] logPosteriors;
    private final double[] logLikelihoods;
    private final long[] evaluations;
    private final boolean[] accepted;

    /** Does not copy the arrays; rows of positions may be shared with other ensembles, since they do not change. */
    Ensemble(
            long step,
            double[][] positions,
            double[] logPosteriors,
            double[] logLikelihoods,
            long[] evaluations,
            boolean[] accepted) {
        this.step = step;
        this.positions = positions;
        this.logPosteriors = logPosteriors;
        this.logLikelihoods = logLikelihoods;
        this.evaluations = evaluations;
        this.accepted = accepted;
    }

    /** The number of steps made; 0 for the start positions. */
    public long step() {
        return step;
    }

    /** The number of walkers. */
    public int walkers() {
        return positions.length;
    }

    /** The number of parameters. */
    public int dimensions() {
        return positions[0].length;
    }

    /** One parameter of a walker's position. */
    public double position(int walker, int parameter) {
        return positions[walker][parameter];
    }

    /** A copy of a walker's position. */
    public double[] position(int walker) {
        return positions[walker].clone();
    }

    /** Log-prior plus log-likelihood at a walker's position; finite. */
    public double logPosterior(int walker) {
        return logPosteriors[walker];
    }

    /** The log-likelihood at a walker's position; finite. */
    public double logLikelihood(int walker) {
        return logLikelihoods[walker];
    }

    /** The number of the evaluation of a walker's position, in this step or an earlier one. */
    public long evaluation(int walker) {
        return evaluations[walker];
    }

    /** Whether a walker moved in this step; false in step 0. */
    public boolean accepted(int walker) {
        return accepted[walker];
    }

    double[][] positions() {
        return positions;
    }

    double[] logPosteriors() {
        return logPosteriors;
    }

    double[] logLikelihoods() {
        return logLikelihoods;
    }

    long[] evaluations() {
        return evaluations;
    }
}
