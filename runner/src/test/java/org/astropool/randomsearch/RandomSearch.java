package org.astropool.randomsearch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.astropool.internal.job.config.SearchSpace;
import org.astropool.internal.job.search.RunningSearch;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.sampler.PointEvaluator;
import org.astropool.task.RandomStreams;

/** Draws each point from the random stream of its number. */
final class RandomSearch implements RunningSearch {
    private final RandomSearchPlan plan;
    private final SearchSpace space;
    private final List<RandomSearchResult.Draw> draws = new ArrayList<>();

    RandomSearch(RandomSearchPlan plan, SearchSpace space) {
        this.plan = plan;
        this.space = space;
    }

    @Override
    public void run(PointEvaluator evaluator) {
        for (int round = 0; round < plan.rounds(); round++) {
            long[] numbers = new long[plan.points()];
            double[][] points = new double[plan.points()][];
            for (int i = 0; i < points.length; i++) {
                numbers[i] = (long) round * plan.points() + i;
                points[i] = space.prior().draw(RandomStreams.stream(space.seed(), numbers[i]));
            }
            double[] values = evaluator.logLikelihoods(numbers, points);
            for (int i = 0; i < points.length; i++) {
                draws.add(new RandomSearchResult.Draw(numbers[i], points[i], values[i]));
            }
        }
    }

    @Override
    public Optional<SearchResult> result() {
        return draws.isEmpty() ? Optional.empty() : Optional.of(new RandomSearchResult(space.names(), draws));
    }
}
