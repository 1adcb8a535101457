package org.astropool.internal.job.search.maximum;

import org.astropool.internal.job.config.SearchSpace;
import org.astropool.internal.job.search.SearchPlan;
import org.astropool.maximizer.MaximizerOptions;

/**
 * The maximum of the likelihood or the posterior.
 *
 * @param starts the number of searches, each of which starts at another draw from the prior
 * @param evaluations the maximum number of evaluations of one search
 */
record MaximumPlan(int starts, MaximizerOptions.Target target, int evaluations) implements SearchPlan {

    @Override
    public String key() {
        return MaximumKind.KEY;
    }

    @Override
    public int size(int parameters) {
        int curvature = 4 * parameters * parameters + 40 * parameters + 40;
        return Math.addExact(Math.multiplyExact(starts, evaluations), curvature);
    }

    @Override
    public int leastEvaluations() {
        return starts;
    }

    @Override
    public int paths() {
        return starts;
    }

    @Override
    public int evaluationsPerPath() {
        return evaluations;
    }

    /** Journals contain the digest of this text. */
    @Override
    public String identity() {
        return "Maximize[starts=" + starts + ", target=" + target + ", evaluations=" + evaluations + "]";
    }

    @Override
    public MaximumSearch start(SearchSpace space) {
        return new MaximumSearch(this, space);
    }
}
