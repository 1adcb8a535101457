package org.astropool.examples.supernova;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Transverse comoving distances to fixed redshifts, for any {@link Expansion}. Immutable and thread-safe.
 *
 * <p>With {@code u = ln(1+z)}, {@code ln(S/u)} is a smooth function: it is computed at the nodes of a few panels in u
 * and interpolated to the supernovae with weights that were prepared once. So a point of parameter space costs some 60
 * exponentials and logarithms and one short sum of products a supernova, instead of an integral and a logarithm a
 * supernova. The last coefficients of the expansion tell how good it is; where they are not negligible (close to a
 * universe without a big bang, at the antipode of a closed one, at extreme w) the panels are divided.
 *
 * <p>Functions come from {@link StrictMath}: the same bits on every machine and Java version.
 */
final class LogDistances {
    private static final double PANEL_WIDTH = 1 / 3.0;
    private static final int DIVISION = 4;
    private static final int RESOLUTIONS = 4;

    private final double[] logRedshift;
    private final double farthest;
    private final List<Panels> resolutions = new ArrayList<>();

    /** @param redshifts cosmological redshifts, above 0 */
    LogDistances(double[] redshifts) {
        double[] u = Arrays.stream(redshifts).map(StrictMath::log1p).toArray();
        logRedshift = Arrays.stream(u).map(StrictMath::log).toArray();
        farthest = Arrays.stream(u).max().orElseThrow();
        int panels = (int) Math.ceil(farthest / PANEL_WIDTH);
        for (int i = 0; i < RESOLUTIONS; i++) {
            resolutions.add(new Panels(farthest, panels, u));
            panels *= DIVISION;
        }
    }

    /**
     * The natural logarithm of the distance S to each redshift, in units of c / H0; accurate to about 1e-14. Empty when
     * there is no such distance: no big bang, or the farthest redshift is at the antipode or beyond.
     */
    Optional<double[]> logTransverse(Expansion expansion) {
        if (!expansion.isPositiveUpTo(farthest)) {
            return Optional.empty();
        }
        for (Panels panels : resolutions) {
            double[] atNodes = panels.logRatios(expansion);
            if (panels.resolve(atNodes)) {
                return Optional.of(logDistances(panels.interpolate(atNodes)));
            }
        }
        return finest(expansion);
    }

    /** As near to a singularity as this, the finest panels must do. */
    private Optional<double[]> finest(Expansion expansion) {
        Panels panels = resolutions.get(RESOLUTIONS - 1);
        double[] logDistances = logDistances(panels.interpolate(panels.logRatios(expansion)));
        return Arrays.stream(logDistances).allMatch(Double::isFinite) ? Optional.of(logDistances) : Optional.empty();
    }

    private double[] logDistances(double[] logRatios) {
        for (int i = 0; i < logRatios.length; i++) {
            logRatios[i] += logRedshift[i];
        }
        return logRatios;
    }
}
