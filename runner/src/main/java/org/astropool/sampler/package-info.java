/**
 * Samplers and optimizers whose points are evaluated in parallel by a pool, and the priors of parameters.
 *
 * <p>Depends on {@code pool} and {@code task}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.sampler;
