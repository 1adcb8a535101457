package org.astropool.examples.pool;

import java.util.List;
import java.util.stream.IntStream;
import org.astropool.pool.Pool;

/** A map: the time since light was emitted, for a list of redshifts. */
public final class LookbackTimes {
    private static final double HUBBLE_TIME = 13.968; // Gyr, for 70 km/s/Mpc

    public static void main(String[] args) throws Exception {
        List<Double> redshifts =
                IntStream.rangeClosed(0, 10).mapToObj(i -> i / 2.0).toList();
        Pool.run(args, pool -> pool.map(LookbackTimes::lookbackTime, redshifts)).ifPresent(times -> {
            for (int i = 0; i < redshifts.size(); i++) {
                System.out.println("z = " + redshifts.get(i) + ": " + times.get(i) + " Gyr");
            }
        });
    }

    /** In a flat universe with omega_m = 0.3, by the trapezoidal rule. */
    static double lookbackTime(double redshift) {
        int steps = 1_000_000;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double x = 1 + redshift * i / steps;
            sum += (i == 0 || i == steps ? 0.5 : 1) / (x * Math.sqrt(0.3 * x * x * x + 0.7));
        }
        return HUBBLE_TIME * sum * redshift / steps;
    }
}
