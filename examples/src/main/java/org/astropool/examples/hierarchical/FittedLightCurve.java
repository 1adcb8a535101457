package org.astropool.examples.hierarchical;

import java.io.Serializable;
import org.astropool.examples.lightcurve.ObservedSupernova;
import org.astropool.examples.lightcurve.PeakEstimate;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.task.SkippedException;

/**
 * A row of the table that the model {@code bazin-light-curve} wrote: one supernova in one band. Magnitudes are at
 * maximum and not corrected for the Milky Way, velocities in km/s.
 */
record FittedLightCurve(
        double magnitude,
        double magnitudeError,
        double dm15,
        double dm15Error,
        double covMagnitudeDm15,
        double heliocentricRedshift,
        double cmbRedshift,
        double peculiarVelocity,
        double reddening)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** @throws SkippedException when the light curve cannot be fitted */
    static FittedLightCurve of(ObservedSupernova supernova, String band) throws SkippedException {
        PeakEstimate peak = PeakEstimate.of(supernova, band);
        double[][] covariance = peak.covariance();
        return new FittedLightCurve(
                peak.magnitude(),
                Math.sqrt(covariance[1][1]),
                peak.dm15(),
                Math.sqrt(covariance[2][2]),
                covariance[1][2],
                supernova.heliocentricRedshift(),
                supernova.cmbRedshift(),
                supernova.peculiarVelocity(),
                supernova.reddening());
    }

    /** @throws DataFileException when the table was not written by that model */
    static FittedLightCurve of(ResultTable.Row row) throws DataFileException {
        return new FittedLightCurve(
                row.number("mag_peak"),
                row.number("mag_peak_error"),
                row.number("dm15"),
                row.number("dm15_error"),
                row.number("cov_mag_dm15"),
                row.number("z_hel"),
                row.number("z_cmb"),
                row.number("v_pec"),
                row.number("mw_ebv"));
    }
}
