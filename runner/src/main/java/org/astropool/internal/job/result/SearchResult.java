package org.astropool.internal.job.result;

import java.util.List;
import java.util.Optional;
import org.astropool.maximizer.Maximum;
import org.astropool.sampler.Chain;
import org.astropool.sampler.ChainStatistics;
import org.astropool.sampler.SamplerCounts;

/** What a search has found so far. Immutable. */
public sealed interface SearchResult {

    /** The parameters that were searched, in order. */
    List<String> names();

    /**
     * A sampled posterior.
     *
     * @param chain all steps, of which the first are the starts
     * @param burn steps at the beginning that are left out
     * @param kept the steps after them
     * @param statistics statistics of the kept steps; empty when there are fewer than two
     * @param isLongEnough whether it has the number of autocorrelation times that the job requires; empty when it
     *     requires none
     */
    record Sampled(
            List<String> names,
            Chain chain,
            int burn,
            Chain kept,
            Optional<ChainStatistics> statistics,
            SamplerCounts counts,
            Optional<Boolean> isLongEnough)
            implements SearchResult {}

    /**
     * A maximum.
     *
     * @param covariance of the parameters, from the curvature there; empty on the edge of a prior
     */
    record Maximized(List<String> names, Maximum maximum, Optional<double[][]> covariance) implements SearchResult {
        /** Searches whose maximum is less than this below the best one have found the same maximum. */
        private static final double AGREEMENT = 1e-3;

        /** How many searches have found the best maximum; at least 1. */
        public int agreeing() {
            return maximum.agreeing(AGREEMENT);
        }
    }
}
