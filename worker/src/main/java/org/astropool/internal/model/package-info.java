/**
 * Models ready for evaluation: how they are found, compared with the digests of the master, prepared in a worker, and
 * called at points.
 *
 * <p>Depends on {@link org.astropool.task}, {@code internal.text} and {@code internal.system}. Does not know where
 * points come from or where results go.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.model;
