package org.astropool.internal.job.result;

import java.util.Map;

/**
 * The point with the highest likelihood; the lowest index when several have the same.
 *
 * @param parameters values of the parameters on axes, in the order of the axes
 */
public record BestFit(long index, Map<String, Double> parameters, double logLikelihood) {}
