/**
 * The scheduler in virtual time: what its decisions cost with more workers than anybody has at hand, and the same
 * figures at every run.
 *
 * <p>Depends on {@code scheduler} alone.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.scheduler.simulation;
