/**
 * Searches for the point of highest likelihood or posterior, from several starts at a time, on a pool.
 *
 * <p>Depends on {@link org.astropool.sampler} for priors and evaluators. Public names and signatures here stay
 * compatible within a major version (docs/design.md).
 */
@org.jspecify.annotations.NullMarked
package org.astropool.maximizer;
