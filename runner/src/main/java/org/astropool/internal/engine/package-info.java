/**
 * The implementation of {@link org.astropool.pool}: the driver that joins scheduler and transport, the workers as the
 * master sees them, and the streams, futures and rounds that callers see.
 *
 * <p>Depends on {@code scheduler}, {@code journal}, {@code launch} and the worker jar.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.engine;
