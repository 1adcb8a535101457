/**
 * Points that are spread over the priors of parameters: drawn from them, or from a sequence that fills the space more
 * evenly. Each point is computed from the seed and its number, so that it is the same in every process.
 *
 * <p>Depends on {@link org.astropool.sampler}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.design;
