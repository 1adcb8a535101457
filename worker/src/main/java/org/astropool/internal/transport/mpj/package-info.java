/**
 * MPJ Express, MPI in pure Java: frames in pieces that its eager protocol sends, with a window of our own. Bound when a
 * process joins, through the class loader of this package: no jar of MPJ Express is needed to compile, or where it is
 * not used. Depends on {@link org.astropool.internal.transport} alone.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.transport.mpj;
