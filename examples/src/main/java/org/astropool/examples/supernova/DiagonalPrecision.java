package org.astropool.examples.supernova;

/** The precision of independent measurements. */
final class DiagonalPrecision implements PrecisionMatrix {
    private final double[] diagonal;

    DiagonalPrecision(double[] diagonal) {
        this.diagonal = diagonal.clone();
    }

    /** @param errors standard deviations */
    static DiagonalPrecision ofErrors(double[] errors) {
        double[] diagonal = new double[errors.length];
        for (int i = 0; i < errors.length; i++) {
            diagonal[i] = 1 / (errors[i] * errors[i]);
        }
        return new DiagonalPrecision(diagonal);
    }

    @Override
    public int size() {
        return diagonal.length;
    }

    @Override
    public double[] rowSums() {
        return diagonal.clone();
    }

    @Override
    public double quadraticForm(double[] r) {
        double sum = 0;
        for (int i = 0; i < diagonal.length; i++) {
            sum += diagonal[i] * r[i] * r[i];
        }
        return sum;
    }
}
