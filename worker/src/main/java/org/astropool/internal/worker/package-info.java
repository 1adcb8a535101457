/**
 * The worker's end: receive chunks, evaluate them, answer, turn failures into data.
 *
 * <p>Depends on {@code protocol}, {@code task} and the interfaces of {@code transport}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.worker;
