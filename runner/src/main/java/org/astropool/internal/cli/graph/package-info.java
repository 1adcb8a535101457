/**
 * The options of the command line that draw the graph of a model.
 *
 * <p>Uses {@code graph} and {@code figure} for the drawing, and {@code job} for errors and for files that are complete
 * or not there.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.cli.graph;
