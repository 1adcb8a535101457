/**
 * Searches for the point of the highest likelihood or posterior, from several starts at the same time, on a pool.
 *
 * <p>Depends on {@link org.astropool.sampler} for priors and evaluators, and on Hipparchus. Public API: names and
 * signatures stay compatible within a major version (docs/design.md).
 */
@org.jspecify.annotations.NullMarked
package org.astropool.maximizer;
