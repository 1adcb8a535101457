package org.astropool.internal.job.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.astropool.sampler.Prior;
import org.astropool.task.Points;

/** The logarithm of the prior of every point: a sum over parameters. */
public final class LogPriors {
    private final Points points;
    private final List<Optional<Prior>> priors;
    private final double ofFixed;

    public LogPriors(EvaluationSpec spec) {
        this.points = spec.points();
        this.priors = points.names().stream().map(spec::prior).toList();
        double sum = 0;
        for (Map.Entry<String, Double> parameter : new TreeMap<>(spec.fixed()).entrySet()) {
            sum += spec.prior(parameter.getKey())
                    .map(prior -> prior.logDensity(parameter.getValue()))
                    .orElse(0.0);
        }
        this.ofFixed = sum;
    }

    public double at(long index) {
        double[] point = points.point(index);
        double sum = ofFixed;
        for (int i = point.length - 1; i >= 0; i--) {
            Optional<Prior> prior = priors.get(i);
            sum += prior.isPresent() ? prior.get().logDensity(point[i]) : 0;
        }
        return sum;
    }
}
