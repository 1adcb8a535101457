/**
 * The section {@code [sampler]}: samples the posterior with the ensemble of {@link org.astropool.sampler}, and writes
 * the chain.
 *
 * <p>Depends on {@code internal.job.search} and the packages before it.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.search.ensemble;
