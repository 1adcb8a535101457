/**
 * The whole protocol between master and workers: sealed records and how they are laid out in a frame. One page about it
 * is docs/protocol.md.
 *
 * <p>Depends on {@code task} alone.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.protocol;
