/**
 * The scheduler: a pure state machine. Events and the time go in, commands come out. No threads, no clock, no I/O, no
 * logging.
 *
 * <p>Depends on nothing.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.scheduler;
