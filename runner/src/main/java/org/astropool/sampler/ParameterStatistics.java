package org.astropool.sampler;

/**
 * The statistics of one parameter of a chain.
 *
 * @param mean the mean over all walkers and steps
 * @param std the standard deviation
 * @param quantile16 the value below which 16 % of the values are
 * @param median the median
 * @param quantile84 the value below which 84 % of the values are
 * @param autocorrelationTime in steps of the chain, see {@link AutocorrelationTime}
 * @param effectiveSamples walkers x steps / autocorrelation time: the number of independent values with the same
 *     precision
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
