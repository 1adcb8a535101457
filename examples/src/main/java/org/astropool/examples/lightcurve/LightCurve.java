package org.astropool.examples.lightcurve;

/**
 * Observations of a supernova in one band. The arrays have one element an observation, in the order of the file, and are
 * not to be changed.
 *
 * @param dates MJD, in days
 * @param fluxes FLUXCAL: 10^(-0.4 (mag - 27.5))
 * @param errors standard deviations of the fluxes
 */
record LightCurve(double[] dates, double[] fluxes, double[] errors) {

    int size() {
        return dates.length;
    }
}
