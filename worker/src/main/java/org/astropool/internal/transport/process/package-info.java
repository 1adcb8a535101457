/**
 * Frames between this process and child JVMs that it starts, watches, replaces when they die, and ends. They travel
 * through pipes: no ports, no files, and the kernel tells each side when the other is gone.
 *
 * <p>The parent's side is {@link org.astropool.internal.transport.process.ProcessCarrier}, the child's
 * {@link org.astropool.internal.transport.process.ChildCarrier}. Depends on {@link org.astropool.internal.transport}
 * and {@code internal.system}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.process;
