package org.astropool.internal.contour;

/**
 * Where a parameter ends: beyond, the density is 0 by its prior, and a sample has no neighbours.
 *
 * @param low -infinity for no edge
 * @param high infinity for no edge
 */
public record Edges(double low, double high) {
    public static final Edges NONE = new Edges(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
}
