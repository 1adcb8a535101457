package org.astropool.examples.supernova;

/**
 * The expansion history of a universe of matter, curvature and dark energy with a constant equation of state:
 * {@code E(z)^2 = Om (1+z)^3 + Ok (1+z)^2 + Ode (1+z)^(3(1+w))}. No radiation, no neutrinos.
 *
 * @param matter Om, the density today in units of the critical density
 * @param darkEnergy Ode, likewise
 * @param w pressure over density of dark energy; -1 is a cosmological constant
 */
public record Expansion(double matter, double darkEnergy, double w) {
    private static final double FLAT = 1e-12;

    /** Ok = 1 - Om - Ode, exactly 0 where space is flat within 1e-12. */
    double curvature() {
        double curvature = 1 - matter - darkEnergy;
        return Math.abs(curvature) < FLAT ? 0 : curvature;
    }

    /**
     * {@code (E / (1+z))^2} as a function of {@code u = ln(1+z)}. In u the comoving distance is the integral of
     * {@code (1+z) / E}, so this is all of E that distances need, at the price of one exponential.
     *
     * @param x {@code exp(u) = 1 + z}, which callers have at hand
     */
    double reducedSquare(double u, double x) {
        return matter * x + curvature() + darkEnergy * StrictMath.exp((1 + 3 * w) * u);
    }

    /** Whether E^2 is above 0 everywhere from today back to {@code u = ln(1+z)}; if not, there was no big bang. */
    boolean isPositiveUpTo(double u) {
        return isPositiveAt(u) && isPositiveAtTheTurningPointBefore(u);
    }

    private boolean isPositiveAt(double u) {
        return reducedSquare(u, StrictMath.exp(u)) > 0;
    }

    /**
     * The derivative of the reduced square in x, {@code Om + (1+3w) Ode x^(3w)}, is monotonic: there is one turning
     * point at most.
     */
    private boolean isPositiveAtTheTurningPointBefore(double u) {
        double turningPoint = StrictMath.log(-matter / ((1 + 3 * w) * darkEnergy)) / (3 * w);
        boolean isWithin = turningPoint > 0 && turningPoint < u; // no, when it is NaN: there is no turning point
        return !isWithin || isPositiveAt(turningPoint);
    }
}
