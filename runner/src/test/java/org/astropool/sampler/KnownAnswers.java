package org.astropool.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Means, covariances and quantiles of a density, to be compared with what chains say of them. */
final class KnownAnswers {
    private final List<Quantity> quantities = new ArrayList<>();

    /** A function of the position whose expectation is known. */
    private record Quantity(String name, Densities.Function function, double expected) {}

    /** The mean of a quantity in one chain, and its Monte-Carlo error. */
    record Estimate(double mean, double error) {}

    static KnownAnswers ofCorrelated() {
        KnownAnswers answers = new KnownAnswers();
        for (int i = 0; i < Densities.Correlated.DIMENSIONS; i++) {
            int a = i;
            double mean = Densities.Correlated.mean(i);
            answers.add("mean " + i, x -> x[a], mean);
            for (double share : new double[] {0.025, 0.16, 0.5, 0.84, 0.975}) {
                double limit = mean + Densities.Correlated.std(i) * Densities.normalQuantile(share);
                answers.add("quantile " + share + " of " + i, x -> x[a] < limit ? 1 : 0, share);
            }
            for (int j = 0; j <= i; j++) {
                int b = j;
                answers.add(
                        "covariance " + i + "," + j,
                        x -> (x[a] - Densities.Correlated.mean(a)) * (x[b] - Densities.Correlated.mean(b)),
                        Densities.Correlated.covariance(i, j));
            }
        }
        return answers;
    }

    static KnownAnswers ofRosenbrock() {
        KnownAnswers answers = new KnownAnswers();
        answers.add("mean of x", x -> x[0], 1);
        answers.add("mean of y", x -> x[1], 11);
        answers.add("variance of x", x -> (x[0] - 1) * (x[0] - 1), 10);
        answers.add("covariance", x -> (x[0] - 1) * (x[1] - 11), 20);
        answers.add("variance of y", x -> (x[1] - 11) * (x[1] - 11), 240.1);
        for (double share : new double[] {0.025, 0.16, 0.5, 0.84, 0.975}) {
            double xLimit = 1 + Math.sqrt(10) * Densities.normalQuantile(share);
            double yLimit = Densities.Rosenbrock.quantile(share);
            answers.add("quantile " + share + " of x", x -> x[0] < xLimit ? 1 : 0, share);
            answers.add("quantile " + share + " of y", x -> x[1] < yLimit ? 1 : 0, share);
        }
        return answers;
    }

    private void add(String name, Densities.Function function, double expected) {
        quantities.add(new Quantity(name, function, expected));
    }

    int count() {
        return quantities.size();
    }

    /** What a chain says of each quantity. */
    List<Estimate> estimates(Chain chain) {
        double[][][] positions = new double[chain.walkers()][chain.length()][];
        for (int step = 0; step < chain.length(); step++) {
            for (int walker = 0; walker < chain.walkers(); walker++) {
                positions[walker][step] = chain.get(step).position(walker);
            }
        }
        List<Estimate> estimates = new ArrayList<>();
        for (Quantity quantity : quantities) {
            double[][] series = new double[chain.walkers()][chain.length()];
            double sum = 0;
            double squares = 0;
            for (int walker = 0; walker < chain.walkers(); walker++) {
                for (int step = 0; step < chain.length(); step++) {
                    double value = quantity.function.at(positions[walker][step]);
                    series[walker][step] = value;
                    sum += value;
                    squares += value * value;
                }
            }
            double count = (double) chain.walkers() * chain.length();
            double variance = squares / count - sum / count * (sum / count);
            estimates.add(new Estimate(sum / count, Math.sqrt(variance * AutocorrelationTime.of(series) / count)));
        }
        return estimates;
    }

    /** The deviations of chains' pooled estimates from the truth, in units of their pooled errors, with names. */
    List<Deviation> deviations(List<List<Estimate>> chains) {
        List<Deviation> deviations = new ArrayList<>();
        for (int i = 0; i < quantities.size(); i++) {
            double mean = 0;
            double variance = 0;
            for (List<Estimate> chain : chains) {
                mean += chain.get(i).mean() / chains.size();
                variance += Math.pow(chain.get(i).error() / chains.size(), 2);
            }
            double scatter = 0;
            for (List<Estimate> chain : chains) {
                scatter += Math.pow(chain.get(i).mean() - mean, 2) / (chains.size() - 1.0);
            }
            Quantity quantity = quantities.get(i);
            deviations.add(new Deviation(
                    quantity.name,
                    (mean - quantity.expected) / Math.sqrt(variance),
                    Math.sqrt(scatter / chains.size() / variance)));
        }
        return deviations;
    }

    /** @param scatter of the chains' estimates, in units of the errors they claim; NaN for one chain */
    record Deviation(String name, double inErrors, double scatter) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s: %.2f errors (scatter %.2f of them)", name, inErrors, scatter);
        }
    }
}
