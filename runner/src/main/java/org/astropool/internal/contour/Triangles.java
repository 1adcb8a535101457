package org.astropool.internal.contour;

/**
 * Integrals of the linear function with given values at the corners of a triangle, over the part of the triangle where
 * the function is above a level. That part is the triangle, or the triangle without a corner, or a corner: similar
 * triangles, whose areas are the products of the fractions at which the level cuts the two sides, and over which the
 * mean of a linear function is the mean of its values at the corners.
 */
final class Triangles {
    private Triangles() {}

    /** The integral of the function, for a triangle of the area 1. */
    static double mass(double a, double b, double c, double level) {
        double high = Math.max(a, Math.max(b, c));
        double low = Math.min(a, Math.min(b, c));
        double all = (a + b + c) / 3;
        if (level < low) {
            return all;
        }
        if (level >= high) {
            return 0;
        }
        double middle = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
        if (level >= middle) {
            return (high - level) / (high - middle) * (high - level) / (high - low) * (high + 2 * level) / 3;
        }
        return all - (level - low) / (middle - low) * (level - low) / (high - low) * (low + 2 * level) / 3;
    }

    /** The part of the area. */
    static double area(double a, double b, double c, double level) {
        double high = Math.max(a, Math.max(b, c));
        double low = Math.min(a, Math.min(b, c));
        if (level < low) {
            return 1;
        }
        if (level >= high) {
            return 0;
        }
        double middle = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
        if (level >= middle) {
            return (high - level) / (high - middle) * (high - level) / (high - low);
        }
        return 1 - (level - low) / (middle - low) * (level - low) / (high - low);
    }
}
