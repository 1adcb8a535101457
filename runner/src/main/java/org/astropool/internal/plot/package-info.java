/**
 * Draws runs: contours, corner plots, marginals, traces, durations and failures.
 *
 * <p>Depends on {@code internal.figure}, {@code internal.contour} and {@code internal.job.run}. Reads no files and
 * writes none.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.plot;
