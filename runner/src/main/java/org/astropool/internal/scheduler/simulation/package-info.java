/**
 * Runs the scheduler in virtual time: shows what its decisions cost with more workers than are available, with the same
 * figures in each run.
 *
 * <p>Depends on {@code internal.scheduler} only.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.scheduler.simulation;
