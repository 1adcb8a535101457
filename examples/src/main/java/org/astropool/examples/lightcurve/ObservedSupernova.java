package org.astropool.examples.lightcurve;

import java.io.Serializable;
import java.util.Map;

/**
 * A supernova of a survey, as its file tells. Immutable.
 *
 * @param heliocentricRedshift as observed
 * @param cmbRedshift in the rest frame of the microwave background, peculiar motion included
 * @param peculiarVelocity along the line of sight, away from us, in km/s
 * @param reddening by the Milky Way, E(B-V) in mag; the fluxes are not corrected for it
 * @param peakDate the survey's estimate of the date of maximum, MJD
 * @param lightCurves by the code of the band, in alphabetical order
 */
public record ObservedSupernova(
        String name,
        double heliocentricRedshift,
        double cmbRedshift,
        double peculiarVelocity,
        double reddening,
        double peakDate,
        Map<String, LightCurve> lightCurves)
        implements Serializable {
    private static final long serialVersionUID = 1;
}
