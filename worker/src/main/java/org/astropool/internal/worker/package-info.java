/**
 * The worker's side of a pool: receives chunks, evaluates them in threads or child processes, answers, and turns
 * failures into data.
 *
 * <p>Depends on {@code internal.protocol}, {@code internal.model}, {@code task} and {@code internal.transport}. Knows
 * neither the scheduler nor jobs.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.worker;
