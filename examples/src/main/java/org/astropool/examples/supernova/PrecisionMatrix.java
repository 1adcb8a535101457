package org.astropool.examples.supernova;

/** A symmetric inverse covariance matrix P, in mag^-2. Immutable and thread-safe. */
sealed interface PrecisionMatrix permits DiagonalPrecision, DensePrecision, SparsePrecision {

    /** Number of rows. */
    int size();

    /** P 1, the sums of the rows. */
    double[] rowSums();

    /** r' P r. */
    double quadraticForm(double[] r);
}
