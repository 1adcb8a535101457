/**
 * Networks in the format ONNX as models. ONNX Runtime, which evaluates them, is no part of astropool: users put its jar
 * on the class path.
 *
 * <p>Depends on {@code internal.model} and {@link org.astropool.task}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.onnx;
