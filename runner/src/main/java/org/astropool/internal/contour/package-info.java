/**
 * Probability densities of one and two parameters, from a grid or from a chain, and the contours that enclose a given
 * part of their mass.
 *
 * <p>Pure computation: uses only the JDK, nothing else of astropool, and draws nothing.
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.contour;
