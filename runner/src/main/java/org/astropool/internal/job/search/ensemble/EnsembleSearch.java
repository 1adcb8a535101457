package org.astropool.internal.job.search.ensemble;

import java.util.Optional;
import org.astropool.internal.job.config.SearchSpace;
import org.astropool.internal.job.search.RunningSearch;
import org.astropool.internal.job.search.SearchResult;
import org.astropool.sampler.BurnIn;
import org.astropool.sampler.Chain;
import org.astropool.sampler.ChainStatistics;
import org.astropool.sampler.EnsembleOptions;
import org.astropool.sampler.EnsembleSampler;
import org.astropool.sampler.LengthCheck;
import org.astropool.sampler.PointEvaluator;

/** Moves the walkers, until the chain has its number of steps or is long enough. */
final class EnsembleSearch implements RunningSearch {
    private static final int CHECK_INTERVAL = 50;

    private final EnsemblePlan plan;
    private final SearchSpace space;
    private final EnsembleOptions options;
    private Optional<SearchResult> result = Optional.empty();

    EnsembleSearch(EnsemblePlan plan, SearchSpace space, EnsembleOptions options) {
        this.plan = plan;
        this.space = space;
        this.options = options;
    }

    @Override
    public Optional<SearchResult> result() {
        return result;
    }

    @Override
    public void run(PointEvaluator evaluator) {
        EnsembleSampler sampler = new EnsembleSampler(space.prior(), evaluator, options);
        Optional<LengthCheck> check = plan.enough().isPresent()
                ? Optional.of(new LengthCheck(plan.enough().getAsDouble(), CHECK_INTERVAL))
                : Optional.empty();
        Chain chain = new Chain();
        boolean isLongEnough = false;
        try {
            while (chain.length() <= plan.steps() && !isLongEnough) {
                chain.append(sampler.step());
                isLongEnough = check.isPresent() && check.get().isMet(chain);
            }
        } finally {
            if (chain.length() > 0) {
                result = Optional.of(sampled(chain, sampler, isLongEnough));
            }
        }
    }

    private EnsembleResult sampled(Chain chain, EnsembleSampler sampler, boolean isLongEnough) {
        int burn = Math.min(plan.burn().isPresent() ? plan.burn().getAsInt() : BurnIn.steps(chain), chain.length() - 1);
        Chain kept = chain.from(burn);
        return new EnsembleResult(
                space.names(),
                chain,
                burn,
                kept,
                plan.thin(),
                kept.length() < 2 ? Optional.empty() : Optional.of(ChainStatistics.of(kept)),
                sampler.counts(),
                plan.enough().isPresent() ? Optional.of(isLongEnough) : Optional.empty());
    }
}
