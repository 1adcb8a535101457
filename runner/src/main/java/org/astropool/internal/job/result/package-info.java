/**
 * The outcomes of points: statuses and outputs in columns, durations, the posterior on a grid, and the tables of
 * results.
 *
 * <p>Depends on {@code internal.job.plan} and the packages before it. Evaluates nothing.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.result;
