package org.astropool.internal.contour;

/**
 * The density above which a given part of the mass lies: the boundary of the smallest region with this mass (the region
 * of highest density).
 *
 * @param mass that was asked for, above 0 and below 1
 * @param value of the density on the boundary
 * @param enclosed the mass that lies above the value. It differs from the one that was asked for only where the density
 *     is flat at the value: then no boundary has the mass
 */
public record Level(double mass, double value, double enclosed) {
    /** The masses within one, two and three standard deviations of a normal distribution: erf(n / sqrt 2). */
    public static final double ONE_SIGMA = 0.682689492137086;

    public static final double TWO_SIGMA = 0.954499736103642;
    public static final double THREE_SIGMA = 0.997300203936740;
}
