/**
 * The protocol between master and workers: sealed records for the messages, and their layout in a frame. Described on
 * one page in docs/protocol.md.
 *
 * <p>Depends on {@code task} and {@code internal.text}. Does not send anything: frames are moved by
 * {@code internal.transport}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.protocol;
