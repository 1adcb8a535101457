/**
 * What came of the points: statuses and outputs in columns, durations, the posterior on a grid, and the tables of
 * results. Depends on {@code internal.job.plan}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.result;
