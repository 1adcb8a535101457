/**
 * The section {@code [maximize]}: finds the maximum of the likelihood or of the posterior with
 * {@link org.astropool.maximizer}, and writes the maximum of each start.
 *
 * <p>Depends on {@code internal.job.search} and the packages before it.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.search.maximum;
