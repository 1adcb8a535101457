/**
 * The scheduler: a pure state machine that decides which worker evaluates which units. Events and the time go in,
 * commands come out; no threads, no clock, no I/O, no logging (docs/scheduler.md).
 *
 * <p>Depends on the JDK only, and on no other package of astropool.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.scheduler;
