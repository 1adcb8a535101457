package org.astropool.sampler;

/**
 * Evaluates log-likelihoods of many points at once. The same points must give the same values, or a chain cannot be
 * repeated.
 *
 * <p>{@link EnsembleSampler} calls it from the thread that calls the sampler, once for each half of a step. The
 * maximizer calls it from several threads at a time, with one point each.
 */
@FunctionalInterface
public interface PointEvaluator {

    /**
     * Evaluates points.
     *
     * @param numbers the number of each evaluation, at least 0 and unique within a run; the same in each run with the
     *     same settings
     * @param points one array of parameters for each number; must not be changed
     * @return the natural logarithm of the likelihood of each point: -infinity where it is zero, NaN when the
     *     evaluation failed
     * @throws RuntimeException ends the step; the sampler is then in the state before the step
     */
    double[] logLikelihoods(long[] numbers, double[][] points);
}
