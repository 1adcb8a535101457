/**
 * Models made ready for evaluation: how they are found, checked against their digests, prepared in a worker, and called
 * at points.
 *
 * <p>Depends on {@link org.astropool.task}, {@code internal.text} and {@code internal.system}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.model;
