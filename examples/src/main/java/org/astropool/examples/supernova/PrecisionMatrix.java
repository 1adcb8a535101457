package org.astropool.examples.supernova;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * A symmetric inverse covariance matrix P, in mag^-2: the diagonal, and what is not 0 above it, row by row. Immutable
 * and thread-safe.
 */
final class PrecisionMatrix {
    private final double[] diagonal;
    private final int[] rowEnd;
    private final int[] columns;
    private final double[] elements;

    /**
     * From elements of the upper triangle, in any order, each at most once.
     *
     * @param rows from 0 to size - 1
     * @param columns from the row to size - 1
     */
    PrecisionMatrix(int size, int[] rows, int[] columns, double[] values) {
        this.diagonal = new double[size];
        int[] next = new int[size];
        for (int k = 0; k < values.length; k++) {
            if (rows[k] == columns[k]) {
                diagonal[rows[k]] = values[k];
            } else {
                next[rows[k]]++;
            }
        }
        for (int i = 1; i < size; i++) {
            next[i] += next[i - 1];
        }
        this.rowEnd = next.clone();
        this.columns = new int[rowEnd[size - 1]];
        this.elements = new double[this.columns.length];
        for (int k = values.length - 1; k >= 0; k--) {
            if (rows[k] != columns[k]) {
                int position = --next[rows[k]];
                this.columns[position] = columns[k];
                this.elements[position] = values[k];
            }
        }
    }

    /** Of independent measurements. */
    static PrecisionMatrix ofDiagonal(double[] diagonal) {
        int[] indices = new int[diagonal.length];
        Arrays.setAll(indices, i -> i);
        return new PrecisionMatrix(diagonal.length, indices, indices, diagonal);
    }

    /** Of independent measurements with these standard deviations. */
    static PrecisionMatrix ofErrors(double[] errors) {
        return ofDiagonal(
                Arrays.stream(errors).map(error -> 1 / (error * error)).toArray());
    }

    /**
     * The inverse of a covariance matrix.
     *
     * @param covariance row by row, symmetric
     * @return empty when the matrix is not positive definite
     */
    static Optional<PrecisionMatrix> ofCovariance(double[] covariance) {
        int size = (int) Math.sqrt(covariance.length);
        DMatrixRMaj inverse = new DMatrixRMaj(size, size);
        if (!CommonOps_DDRM.invertSPD(DMatrixRMaj.wrap(size, size, covariance), inverse)) {
            return Optional.empty();
        }
        int count = size * (size + 1) / 2;
        int[] rows = new int[count];
        int[] columns = new int[count];
        double[] values = new double[count];
        for (int i = 0, k = 0; i < size; i++) {
            for (int j = i; j < size; j++, k++) {
                rows[k] = i;
                columns[k] = j;
                values[k] = inverse.get(i, j);
            }
        }
        return Optional.of(new PrecisionMatrix(size, rows, columns, values));
    }

    /** Whether the measurements are independent. */
    boolean isDiagonal() {
        return elements.length == 0;
    }

    /** The standard deviations of independent measurements, in mag. */
    double[] errors() {
        return Arrays.stream(diagonal).map(element -> 1 / Math.sqrt(element)).toArray();
    }

    /** Number of rows. */
    int size() {
        return diagonal.length;
    }

    /** P 1, the sums of the rows. */
    double[] rowSums() {
        double[] sums = diagonal.clone();
        for (int i = 0, k = 0; i < sums.length; i++) {
            for (; k < rowEnd[i]; k++) {
                sums[i] += elements[k];
                sums[columns[k]] += elements[k];
            }
        }
        return sums;
    }

    /** r' P r. */
    double quadraticForm(double[] r) {
        double sum = 0;
        int begin = 0;
        for (int i = 0; i < diagonal.length; i++) {
            sum += r[i] * (diagonal[i] * r[i] + 2 * aboveDiagonal(begin, rowEnd[i], r));
            begin = rowEnd[i];
        }
        return sum;
    }

    private double aboveDiagonal(int begin, int end, double[] r) {
        double even = 0;
        double odd = 0; // two sums, because an addition has to wait for the one before it
        int k = begin;
        for (; k < end - 1; k += 2) {
            even += elements[k] * r[columns[k]];
            odd += elements[k + 1] * r[columns[k + 1]];
        }
        return k < end ? even + odd + elements[k] * r[columns[k]] : even + odd;
    }
}
