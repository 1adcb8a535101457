package org.astropool.examples.lightcurve;

import java.io.Serializable;

/**
 * Observations of a supernova in one band. The arrays have one element an observation, in the order of the file, and
 * are not to be changed.
 *
 * @param dates MJD, in days
 * @param fluxes FLUXCAL: 10^(-0.4 (mag - 27.5))
 * @param errors standard deviations of the fluxes
 */
public record LightCurve(double[] dates, double[] fluxes, double[] errors) implements Serializable {
    private static final long serialVersionUID = 1;

    int size() {
        return dates.length;
    }
}
