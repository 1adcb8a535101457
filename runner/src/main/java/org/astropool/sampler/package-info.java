/**
 * An ensemble sampler whose points are evaluated in parallel by a pool, the priors of parameters, and the statistics of
 * chains.
 *
 * <p>Depends on {@link org.astropool.pool} and {@link org.astropool.task}. Public API: names and signatures stay
 * compatible within a major version (docs/design.md).
 */
@org.jspecify.annotations.NullMarked
package org.astropool.sampler;
