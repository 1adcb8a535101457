package org.astropool.sampler;

/**
 * What a chain says of one parameter.
 *
 * @param mean of all walkers and steps
 * @param std the standard deviation
 * @param quantile16 16 % of the values are below
 * @param median half of them are
 * @param quantile84 84 % are
 * @param autocorrelationTime in steps of the chain, see {@link AutocorrelationTime}
 * @param effectiveSamples walkers x steps / autocorrelation time: how many independent values would say as much
 * @param meanError the Monte-Carlo error of the mean, {@code std / sqrt(effectiveSamples)}
 */
public record ParameterStatistics(
        double mean,
        double std,
        double quantile16,
        double median,
        double quantile84,
        double autocorrelationTime,
        double effectiveSamples,
        double meanError) {}
