package org.astropool.randomsearch;

import java.util.Optional;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.config.SearchSpace;
import org.astropool.internal.job.search.RunningSearch;
import org.astropool.internal.job.search.SearchPlan;

/** The settings of {@code [random]}. */
record RandomSearchPlan(int rounds, int points) implements SearchPlan {
    static final int DEFAULT_POINTS = 5;

    @Override
    public String key() {
        return RandomSearchKind.KEY;
    }

    @Override
    public int size(int parameters) {
        return Math.multiplyExact(rounds, points);
    }

    @Override
    public String identity() {
        return "random " + rounds + " rounds of " + points + " points";
    }

    @Override
    public Optional<Plan.Search> shorter(long size) {
        long fewer = size / points;
        return size % points == 0 && fewer >= 1 && fewer < rounds
                ? Optional.of(new RandomSearchPlan((int) fewer, points))
                : Optional.empty();
    }

    @Override
    public Optional<String> lengthKey() {
        return Optional.of("rounds");
    }

    @Override
    public int leastEvaluations() {
        return points;
    }

    @Override
    public RunningSearch start(SearchSpace space) {
        return new RandomSearch(this, space);
    }
}
