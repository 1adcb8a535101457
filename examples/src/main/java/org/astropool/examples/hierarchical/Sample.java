package org.astropool.examples.hierarchical;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Supernovae with peak magnitude mB, x (SALT2's stretch x1, or the decline rate dm15 - 1.1 in mag) and colour c. Lists
 * and arrays have one element a supernova and are not to be changed.
 *
 * @param cosmological redshifts without peculiar motions, above 0
 * @param heliocentric redshifts as observed
 * @param observed (mB, x, c), each of length 3
 * @param covariances of (mB, x, c) without intrinsic scatter: the elements mm, mx, mc, xx, xc, cc
 * @param coherentVariances the intrinsic scatter in mB that the authors of the sample assumed, mag^2
 * @param massive whether the host's stellar mass is above 10^10 solar masses
 */
record Sample(
        SampleKind kind,
        List<String> names,
        double[] cosmological,
        double[] heliocentric,
        double[][] observed,
        double[][] covariances,
        double[] coherentVariances,
        boolean[] massive)
        implements Serializable {
    private static final long serialVersionUID = 1;
    static final int MM = 0;
    static final int MX = 1;
    static final int MC = 2;
    static final int XX = 3;
    static final int XC = 4;
    static final int CC = 5;

    int size() {
        return names.size();
    }

    /**
     * Some of the supernovae.
     *
     * @throws IllegalArgumentException when a name is not in the sample
     */
    Sample only(List<String> chosen) {
        int[] positions = chosen.stream().mapToInt(this::position).toArray();
        boolean[] chosenMassive = new boolean[positions.length];
        for (int i = 0; i < positions.length; i++) {
            chosenMassive[i] = massive[positions[i]];
        }
        return new Sample(
                kind,
                chosen,
                at(positions, cosmological),
                at(positions, heliocentric),
                Arrays.stream(positions).mapToObj(i -> observed[i]).toArray(double[][]::new),
                Arrays.stream(positions).mapToObj(i -> covariances[i]).toArray(double[][]::new),
                at(positions, coherentVariances),
                chosenMassive);
    }

    private int position(String name) {
        int position = names.indexOf(name);
        if (position < 0) {
            throw new IllegalArgumentException("no supernova \"" + name + "\" among the " + size()
                    + " of the sample, the first of which is " + names.get(0));
        }
        return position;
    }

    private static double[] at(int[] positions, double[] values) {
        return Arrays.stream(positions).mapToDouble(i -> values[i]).toArray();
    }
}
