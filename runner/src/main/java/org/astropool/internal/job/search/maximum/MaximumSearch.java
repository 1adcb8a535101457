package org.astropool.internal.job.search.maximum;

import java.util.Optional;
import org.astropool.internal.job.config.SearchSpace;
import org.astropool.internal.job.search.RunningSearch;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.maximizer.Maximizer;
import org.astropool.maximizer.MaximizerOptions;
import org.astropool.maximizer.Maximum;
import org.astropool.sampler.PointEvaluator;

/** Finds the maximum, then evaluates its surroundings for the errors. */
final class MaximumSearch implements RunningSearch {
    private final MaximumPlan plan;
    private final SearchSpace space;
    private Optional<SearchResult> result = Optional.empty();

    MaximumSearch(MaximumPlan plan, SearchSpace space) {
        this.plan = plan;
        this.space = space;
    }

    @Override
    public Optional<SearchResult> result() {
        return result;
    }

    @Override
    public void run(PointEvaluator evaluator) {
        MaximizerOptions options = MaximizerOptions.builder(plan.starts(), space.seed(), plan.target())
                .evaluationLimit(plan.evaluations())
                .build();
        Maximizer maximizer = new Maximizer(space.prior(), evaluator, options);
        Maximum maximum = maximizer.maximize();
        result = Optional.of(new MaximumResult(space.names(), maximum, Optional.empty()));
        result = Optional.of(new MaximumResult(space.names(), maximum, maximizer.covariance(maximum)));
    }
}
