/**
 * Drawings of the graphs that models declare: a layout in layers, a figure as users of daft know it, and Mermaid.
 *
 * <p>Uses {@code figure} and {@code task}.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.graph;
