package org.astropool.examples.supernova;

import java.util.Optional;

/**
 * Distance moduli of fixed supernovae: {@code mu = 5 log10(dL) + 25} with {@code dL = (1 + z_hel) (c/H0) S} in Mpc, S
 * the transverse comoving distance to the cosmological redshift, H0 = 70 km/s/Mpc. Immutable and thread-safe.
 */
public final class DistanceModuli {
    private static final double LIGHT_SPEED = 299792.458; // km/s
    private static final double HUBBLE = 70; // km/s/Mpc; drops out of every fit with a free offset
    private static final double MAG_PER_E_FOLD = 5 / StrictMath.log(10);

    private final LogDistances distances;
    private final double[] atUnitDistance;

    /**
     * The supernovae.
     *
     * @param cosmological redshifts without peculiar motions, above 0
     * @param heliocentric redshifts as observed, above -1; one for each of the former
     */
    public DistanceModuli(double[] cosmological, double[] heliocentric) {
        distances = new LogDistances(cosmological);
        atUnitDistance = new double[heliocentric.length];
        for (int i = 0; i < atUnitDistance.length; i++) {
            atUnitDistance[i] = 5 * StrictMath.log10((1 + heliocentric[i]) * LIGHT_SPEED / HUBBLE) + 25;
        }
    }

    /** The moduli in mag, a new array; empty when the universe has no distances to the supernovae. */
    public Optional<double[]> in(Expansion expansion) {
        Optional<double[]> logDistances = distances.logTransverse(expansion);
        logDistances.ifPresent(this::toModuli);
        return logDistances;
    }

    private void toModuli(double[] logDistances) {
        for (int i = 0; i < logDistances.length; i++) {
            logDistances[i] = atUnitDistance[i] + MAG_PER_E_FOLD * logDistances[i];
        }
    }
}
