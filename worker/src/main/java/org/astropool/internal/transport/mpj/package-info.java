/**
 * Frames between the ranks of MPJ Express, MPI in pure Java: in pieces that its eager protocol sends, with a window per
 * peer.
 *
 * <p>MPJ Express is bound by reflection when a process joins, so its jar is needed neither to compile nor where it is
 * not used. Depends on {@link org.astropool.internal.transport} only.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.mpj;
