package org.astropool.internal.job.search;

import java.util.List;
import org.astropool.sampler.Chain;

/**
 * The samples of a posterior.
 *
 * @param names the parameters, in order
 * @param chain all steps, of which the first are the starts
 * @param burn steps at the beginning that depend on the starts
 */
public record Samples(List<String> names, Chain chain, int burn) {
    /** The steps that follow the posterior. */
    public Chain kept() {
        return chain.from(burn);
    }
}
