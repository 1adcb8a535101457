package org.astropool.examples.hierarchical;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import org.astropool.task.SkippedException;

/**
 * What layer 3 needs of a supernova, from the fits of its light curves in B and V.
 *
 * @param magnitude m_B at maximum, corrected for the Milky Way
 * @param declineRate dm15 - 1.1 in B
 * @param colour Bmax - Vmax, corrected for the Milky Way
 * @param covariance of these three, row by row, with what peculiar velocities add to the magnitude; mag^2
 * @param cosmologicalRedshift without our motion and without the supernova's peculiar one
 */
record SupernovaSummary(
        double magnitude,
        double declineRate,
        double colour,
        double[] covariance,
        double cosmologicalRedshift,
        double heliocentricRedshift)
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final double LIGHT_SPEED = 299792.458; // km/s
    /** How well the peculiar velocity is known, in km/s. */
    private static final double VELOCITY_ERROR = 250;

    private static final double MAG_PER_E_FOLD = 5 / StrictMath.log(10);
    private static final double TYPICAL_DM15 = 1.1;

    /** Extinction by the Milky Way over E(B-V), R_V = 3.1. */
    private static final double B_EXTINCTION = 4.1;

    private static final double V_EXTINCTION = 3.1;

    private static final double NEAREST = 0.01;
    private static final double LARGEST_MAGNITUDE_ERROR = 0.1;
    private static final double LARGEST_DM15_ERROR = 0.15;

    /**
     * The summary of a supernova.
     *
     * @throws SkippedException when there is no fit in a band, or when a cut leaves the supernova out
     */
    static SupernovaSummary of(Optional<FittedLightCurve> inB, Optional<FittedLightCurve> inV) throws SkippedException {
        FittedLightCurve b = inB.orElseThrow(() -> new SkippedException("no good fit in B"));
        FittedLightCurve v = inV.orElseThrow(() -> new SkippedException("no good fit in V"));
        double velocity = b.peculiarVelocity() / LIGHT_SPEED;
        double redshift = (1 + b.cmbRedshift()) / (1 + velocity) - 1;
        double fromVelocities = MAG_PER_E_FOLD * VELOCITY_ERROR / (LIGHT_SPEED * redshift);
        double magnitudeVariance = b.magnitudeError() * b.magnitudeError();
        double colourVariance = magnitudeVariance + v.magnitudeError() * v.magnitudeError();
        double covMagnitudeDecline = b.covMagnitudeDm15();
        SupernovaSummary summary = new SupernovaSummary(
                b.magnitude() - B_EXTINCTION * b.reddening(),
                b.dm15() - TYPICAL_DM15,
                b.magnitude() - v.magnitude() - (B_EXTINCTION - V_EXTINCTION) * b.reddening(),
                new double[] {
                    magnitudeVariance + fromVelocities * fromVelocities,
                    covMagnitudeDecline,
                    magnitudeVariance,
                    covMagnitudeDecline,
                    b.dm15Error() * b.dm15Error(),
                    covMagnitudeDecline,
                    magnitudeVariance,
                    covMagnitudeDecline,
                    colourVariance
                },
                redshift,
                b.heliocentricRedshift());
        summary.checkCuts(b, v);
        return summary;
    }

    private void checkCuts(FittedLightCurve b, FittedLightCurve v) throws SkippedException {
        checkAbove("z_cmb", b.cmbRedshift(), NEAREST);
        checkBetween("dm15 - 1.1", declineRate, -0.5, 0.6);
        checkBetween("Bmax - Vmax", colour, -0.3, 0.5);
        checkBelow("the error of Bmax", b.magnitudeError(), LARGEST_MAGNITUDE_ERROR);
        checkBelow("the error of Vmax", v.magnitudeError(), LARGEST_MAGNITUDE_ERROR);
        checkBelow("the error of dm15", b.dm15Error(), LARGEST_DM15_ERROR);
    }

    private static void checkBetween(String what, double value, double from, double to) throws SkippedException {
        checkAbove(what, value, from);
        checkBelow(what, value, to);
    }

    private static void checkAbove(String what, double value, double limit) throws SkippedException {
        if (!(value > limit)) {
            throw cut(what, value, "above", limit);
        }
    }

    private static void checkBelow(String what, double value, double limit) throws SkippedException {
        if (!(value < limit)) {
            throw cut(what, value, "below", limit);
        }
    }

    private static SkippedException cut(String what, double value, String side, double limit) {
        return new SkippedException(
                String.format(Locale.ROOT, "cut: %s is %.4g, it must be %s %s", what, value, side, limit));
    }
}
