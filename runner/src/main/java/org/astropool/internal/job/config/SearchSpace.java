package org.astropool.internal.job.config;

import java.util.List;
import org.astropool.sampler.JointPrior;
import org.astropool.task.Parameter;

/**
 * Where a search looks for its points. Immutable.
 *
 * @param parameters the parameters that it varies, in the order of the prior
 * @param prior their prior
 * @param seed of its random numbers
 */
public record SearchSpace(List<Parameter> parameters, JointPrior prior, long seed) {
    public SearchSpace {
        parameters = List.copyOf(parameters);
    }

    /** The names of the parameters, in order. */
    public List<String> names() {
        return prior.names();
    }
}
