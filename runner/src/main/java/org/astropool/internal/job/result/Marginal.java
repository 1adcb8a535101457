package org.astropool.internal.job.result;

/**
 * Mean and standard deviation of the marginal posterior of one parameter.
 *
 * @param mean in the parameter's unit
 * @param std in the parameter's unit
 */
public record Marginal(double mean, double std) {}
