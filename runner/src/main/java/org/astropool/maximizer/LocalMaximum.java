package org.astropool.maximizer;

/**
 * The result of the search from one start.
 *
 * @param start the number of the start, from 0
 * @param point the best point that was evaluated
 * @param value the value of the target at that point; -infinity when no point had a value
 * @param logLikelihood the log-likelihood at that point
 * @param evaluation the number of the evaluation of that point
 * @param evaluations how many evaluations the search needed
 * @param failed how many of them failed
 * @param complete false when the search reached its limit of evaluations
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
