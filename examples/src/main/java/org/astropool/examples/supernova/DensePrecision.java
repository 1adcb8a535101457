package org.astropool.examples.supernova;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** A full precision matrix, row by row. */
final class DensePrecision implements PrecisionMatrix {
    private final int size;
    private final double[] elements;

    private DensePrecision(int size, double[] elements) {
        this.size = size;
        this.elements = elements;
    }

    /**
     * The inverse of a covariance matrix.
     *
     * @param covariance row by row, symmetric
     * @return empty when the matrix is not positive definite
     */
    static Optional<DensePrecision> ofCovariance(double[] covariance) {
        int size = (int) Math.sqrt(covariance.length);
        DMatrixRMaj matrix = DMatrixRMaj.wrap(size, size, covariance.clone());
        if (!CommonOps_DDRM.invertSPD(matrix, matrix)) {
            return Optional.empty();
        }
        return Optional.of(new DensePrecision(size, matrix.data));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public double[] rowSums() {
        double[] sums = new double[size];
        for (int i = 0; i < size; i++) {
            sums[i] = Arrays.stream(elements, i * size, (i + 1) * size).sum();
        }
        return sums;
    }

    @Override
    public double quadraticForm(double[] r) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            double row = 0;
            for (int j = 0; j < size; j++) {
                row += elements[i * size + j] * r[j];
            }
            sum += r[i] * row;
        }
        return sum;
    }
}
