/**
 * A kind of search that astropool does not know: one package, and one line in the service file of
 * {@link org.astropool.internal.job.config.SearchKind}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.randomsearch;
