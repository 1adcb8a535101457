package org.astropool.internal.job.search;

import java.util.Optional;
import org.astropool.sampler.PointEvaluator;

/**
 * A search that runs once. It depends on its plan, its space and the log-likelihoods only, so that an interrupted
 * search proposes the same points under the same numbers when it is repeated with the outcomes in the journal.
 */
public interface RunningSearch {

    /**
     * Searches to the end.
     *
     * @throws org.astropool.sampler.SamplerException when it cannot go on, because too many points failed
     * @throws RuntimeException whatever the evaluator throws; {@link #result} then has the result so far
     */
    void run(PointEvaluator evaluator);

    /** The result so far; empty when there is none. */
    Optional<SearchResult> result();
}
