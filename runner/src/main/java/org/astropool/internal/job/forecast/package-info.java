/**
 * How long a run will take on how many slots, predicted from the durations of some of its points. Pure: durations in,
 * intervals out.
 *
 * <p>Depends on Hipparchus, and on the text of durations in {@code job}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job.forecast;
