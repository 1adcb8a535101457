package org.astropool.internal.contour;

/**
 * A line of equal density.
 *
 * @param x of its points
 * @param y of its points, as many
 * @param closed whether the last point is connected to the first, which is not repeated. Other lines end at the edge of
 *     the grid, or where the density is not known: the contour may continue there
 */
public record ContourLine(double[] x, double[] y, boolean closed) {
    public int size() {
        return x.length;
    }
}
