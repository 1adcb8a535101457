package org.astropool.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The statistics of a chain after burn-in.
 *
 * @param parameters the statistics of each parameter, in order
 * @param covariance the covariance of the parameters, with the number of values minus one as divisor
 * @param acceptance the fraction of accepted moves
 */
public record ChainStatistics(List<ParameterStatistics> parameters, double[][] covariance, double acceptance) {

    /**
     * Computes the statistics from all steps of a chain.
     *
     * @throws IllegalArgumentException when the chain has fewer than 2 steps
     */
    public static ChainStatistics of(Chain chain) {
        if (chain.length() < 2) {
            throw new IllegalArgumentException(
                    "a chain of " + chain.length() + " steps has no statistics; it needs at least 2");
        }
        double[][] covariance = covariance(chain);
        List<ParameterStatistics> parameters = new ArrayList<>();
        for (int parameter = 0; parameter < chain.dimensions(); parameter++) {
            parameters.add(parameter(chain.series(parameter), Math.sqrt(covariance[parameter][parameter])));
        }
        return new ChainStatistics(List.copyOf(parameters), covariance, chain.acceptance());
    }

    private static ParameterStatistics parameter(double[][] series, double std) {
        double[] sorted =
                Arrays.stream(series).flatMapToDouble(Arrays::stream).sorted().toArray();
        double time = AutocorrelationTime.of(series);
        double effective = sorted.length / time;
        return new ParameterStatistics(
                Arrays.stream(sorted).sum() / sorted.length,
                std,
                Quantiles.of(sorted, 0.16),
                Quantiles.of(sorted, 0.5),
                Quantiles.of(sorted, 0.84),
                time,
                effective,
                std / Math.sqrt(effective));
    }

    private static double[][] covariance(Chain chain) {
        int dimensions = chain.dimensions();
        double[] origin = chain.get(chain.length() - 1).position(0); // close to the mean, against cancellation
        double[] sums = new double[dimensions];
        double[][] products = new double[dimensions][dimensions];
        for (int step = 0; step < chain.length(); step++) {
            for (double[] position : chain.get(step).positions()) {
                for (int i = 0; i < dimensions; i++) {
                    double deviation = position[i] - origin[i];
                    sums[i] += deviation;
                    for (int j = 0; j <= i; j++) {
                        products[i][j] += deviation * (position[j] - origin[j]);
                    }
                }
            }
        }
        double count = (double) chain.length() * chain.walkers();
        for (int i = 0; i < dimensions; i++) {
            for (int j = 0; j <= i; j++) {
                products[i][j] = (products[i][j] - sums[i] * sums[j] / count) / (count - 1);
                products[j][i] = products[i][j];
            }
        }
        return products;
    }
}
