package org.astropool.maximizer;

/**
 * Where the search from one start ended.
 *
 * @param start its number, from 0
 * @param point the best point it has seen
 * @param value what was maximized, there; -infinity when no point of it had a value
 * @param logLikelihood there
 * @param evaluation the number of the evaluation of that point
 * @param evaluations how many it took
 * @param failed how many of them failed
 * @param complete false when the limit of evaluations ended it
 */
public record LocalMaximum(
        int start,
        double[] point,
        double value,
        double logLikelihood,
        long evaluation,
        int evaluations,
        int failed,
        boolean complete) {}
