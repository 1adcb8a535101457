package org.astropool.internal.job.run;

import java.util.Optional;
import org.astropool.internal.job.config.Plan;
import org.astropool.internal.job.plan.SearchSetup;
import org.astropool.internal.job.result.SearchResult;
import org.astropool.maximizer.Maximizer;
import org.astropool.maximizer.MaximizerOptions;
import org.astropool.maximizer.Maximum;
import org.astropool.sampler.BurnIn;
import org.astropool.sampler.Chain;
import org.astropool.sampler.ChainStatistics;
import org.astropool.sampler.EnsembleSampler;
import org.astropool.sampler.LengthCheck;
import org.astropool.sampler.PointEvaluator;

/**
 * A running search. It depends on the job and the log-likelihoods only, so that an interrupted search proposes the same
 * points when it is repeated with the outcomes in the journal.
 */
final class Search {
    private static final int CHECK_INTERVAL = 50;

    private final SearchSetup setup;
    private Optional<SearchResult> result = Optional.empty();

    Search(SearchSetup setup) {
        this.setup = setup;
    }

    /**
     * Searches to the end.
     *
     * @throws RuntimeException whatever the evaluator throws; {@link #result} then has the result so far
     */
    void run(PointEvaluator evaluator) {
        if (setup.plan() instanceof Plan.Sample sample) {
            sample(sample, evaluator);
        } else {
            maximize((Plan.Maximize) setup.plan(), evaluator);
        }
    }

    /** The result so far. */
    Optional<SearchResult> result() {
        return result;
    }

    private void sample(Plan.Sample sample, PointEvaluator evaluator) {
        EnsembleSampler sampler = setup.sampler(sample, evaluator);
        Optional<LengthCheck> check = sample.enough().isPresent()
                ? Optional.of(new LengthCheck(sample.enough().getAsDouble(), CHECK_INTERVAL))
                : Optional.empty();
        Chain chain = new Chain();
        boolean isLongEnough = false;
        try {
            while (chain.length() <= sample.steps() && !isLongEnough) {
                chain.append(sampler.step());
                isLongEnough = check.isPresent() && check.get().isMet(chain);
            }
        } finally {
            if (chain.length() > 0) {
                result = Optional.of(sampled(sample, chain, sampler, isLongEnough));
            }
        }
    }

    private SearchResult sampled(Plan.Sample sample, Chain chain, EnsembleSampler sampler, boolean isLongEnough) {
        int burn = Math.min(
                sample.burn().isPresent() ? sample.burn().getAsInt() : BurnIn.steps(chain), chain.length() - 1);
        Chain kept = chain.from(burn);
        return new SearchResult.Sampled(
                setup.prior().names(),
                chain,
                burn,
                kept,
                kept.length() < 2 ? Optional.empty() : Optional.of(ChainStatistics.of(kept)),
                sampler.counts(),
                sample.enough().isPresent() ? Optional.of(isLongEnough) : Optional.empty());
    }

    private void maximize(Plan.Maximize maximize, PointEvaluator evaluator) {
        MaximizerOptions options = MaximizerOptions.builder(maximize.starts(), setup.seed(), maximize.target())
                .evaluationLimit(maximize.evaluations())
                .build();
        Maximizer maximizer = new Maximizer(setup.prior(), evaluator, options);
        Maximum maximum = maximizer.maximize();
        result = Optional.of(new SearchResult.Maximized(setup.prior().names(), maximum, Optional.empty()));
        result = Optional.of(new SearchResult.Maximized(setup.prior().names(), maximum, maximizer.covariance(maximum)));
    }
}
