/**
 * What all kinds of search have in common: a plan that starts a search, and the result of a search with its tables,
 * entries of the summary and lines of the report. Each kind is in a package of its own below this one, which nothing
 * else uses: it is found by its {@link org.astropool.internal.job.config.SearchKind}.
 *
 * <p>Depends on {@code internal.job.result} and the packages before it. Opens no pool.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.search;
