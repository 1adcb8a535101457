package org.astropool.examples.supernova;

/** A precision matrix with few elements: the diagonal, and the others above it row by row with their columns. */
final class SparsePrecision implements PrecisionMatrix {
    private final double[] diagonal;
    private final int[] rowEnd;
    private final int[] columns;
    private final double[] elements;

    /**
     * From the elements of the upper triangle, in any order, each at most once.
     *
     * @param rows from 0
     * @param columns not below the row
     */
    SparsePrecision(int size, int[] rows, int[] columns, double[] values) {
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

    @Override
    public int size() {
        return diagonal.length;
    }

    @Override
    public double[] rowSums() {
        double[] sums = diagonal.clone();
        for (int i = 0, k = 0; i < sums.length; i++) {
            for (; k < rowEnd[i]; k++) {
                sums[i] += elements[k];
                sums[columns[k]] += elements[k];
            }
        }
        return sums;
    }

    @Override
    public double quadraticForm(double[] r) {
        double sum = 0;
        for (int i = 0, k = 0; i < diagonal.length; i++) {
            double right = 0;
            for (; k < rowEnd[i]; k++) {
                right += elements[k] * r[columns[k]];
            }
            sum += r[i] * (diagonal[i] * r[i] + 2 * right);
        }
        return sum;
    }
}
