package org.astropool.internal.job.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A linear regression of the logarithms of durations on the features of the points and their products up to the third
 * degree, by least squares. A term is added while it explains more than chance does. Immutable.
 */
final class Trend {
    /** |t| of a term that is taken: by chance once in 1000 terms, since there may be many. */
    private static final double SIGNIFICANT = 3.3;

    private static final int MOST_TERMS = 12;
    private static final int POINTS_PER_TERM = 15;
    private static final int DEGREE = 3;
    /** More features than that have no products. */
    private static final int MOST_IN_PRODUCTS = 8;
    /** The part of a column that has to be left when those before it are taken away. */
    private static final double INDEPENDENT = 1e-3;

    /**
     * Brings the values of a feature, or their logarithms, to a mean of 0 and a variance of 1.
     *
     * @param least smaller values are taken to be this one, where the logarithms are used; NaN where they are not
     */
    private record Scaling(double center, double scale, double least) {

        /** Takes what has the stronger correlation: the duration is often a power of the size of a problem. */
        static Scaling of(double[] values, double[] logs) {
            Scaling linear = of(values, Double.NaN);
            double smallest = Arrays.stream(values).min().orElse(0);
            if (smallest <= 0 || !Double.isFinite(smallest)) {
                return linear;
            }
            Scaling logarithmic = of(Arrays.stream(values).map(Math::log).toArray(), smallest / 2);
            return logarithmic.covariance(values, logs) > linear.covariance(values, logs) ? logarithmic : linear;
        }

        private static Scaling of(double[] values, double least) {
            double mean = Arrays.stream(values).sum() / values.length;
            double squares =
                    Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
            double scale = Math.sqrt(squares / values.length);
            return new Scaling(mean, scale > 1e-12 * Math.abs(mean) && Double.isFinite(scale) ? scale : 0, least);
        }

        private double covariance(double[] values, double[] logs) {
            return Math.abs(dot(Arrays.stream(values).map(this::apply).toArray(), logs));
        }

        boolean isConstant() {
            return scale == 0;
        }

        double apply(double value) {
            if (isConstant()) {
                return 0;
            }
            return ((Double.isNaN(least) ? value : Math.log(Math.max(value, least))) - center) / scale;
        }
    }

    /** One orthonormal column of the regression for each term, the constant first. */
    private final List<double[]> columns = new ArrayList<>();
    /** The features whose product each term is; none for the constant. */
    private final List<int[]> terms = new ArrayList<>();
    /** Each column of the terms is the sum of the orthonormal columns with these weights, a triangular matrix. */
    private final List<double[]> weights = new ArrayList<>();

    private final List<Scaling> scalings = new ArrayList<>();
    private final double[] residuals;
    private final double[] coefficients;
    private final double[][] root;

    private Trend(double[][] features, double[] logs) {
        residuals = logs.clone();
        for (int feature = 0; feature < features[0].length; feature++) {
            int which = feature;
            scalings.add(Scaling.of(
                    Arrays.stream(features).mapToDouble(f -> f[which]).toArray(), logs));
        }
        List<double[]> scaled = Arrays.stream(features).map(this::scaled).toList();
        List<int[]> candidates = candidates();
        List<double[]> left = new ArrayList<>(); // of each candidate, what is orthogonal to the columns
        for (int[] candidate : candidates) {
            left.add(scaled.stream().mapToDouble(x -> product(candidate, x)).toArray());
        }
        List<double[]> weightsSoFar = new ArrayList<>();
        double[] norms = left.stream().mapToDouble(c -> dot(c, c)).toArray();
        candidates.forEach(candidate -> weightsSoFar.add(new double[MOST_TERMS + 1]));
        int most = Math.max(1, Math.min(MOST_TERMS, logs.length / POINTS_PER_TERM));
        for (int next = 0; next >= 0 && terms.size() < most; next = mostSignificant(left, norms)) {
            take(next, candidates, left, weightsSoFar);
        }
        root = inverse(weights);
        coefficients = fit(logs);
    }

    /** @param features of each point; all of the same length */
    static Trend of(double[][] features, double[] logs) {
        return new Trend(features, logs);
    }

    /** The constant, and all products of up to three features. */
    private List<int[]> candidates() {
        List<int[]> all = new ArrayList<>(List.of(new int[0]));
        int begin = 0;
        for (int degree = 1; degree <= (scalings.size() > MOST_IN_PRODUCTS ? 1 : DEGREE); degree++) {
            int end = all.size();
            for (int i = begin; i < end; i++) {
                int[] factor = all.get(i);
                int first = factor.length == 0 ? 0 : factor[factor.length - 1];
                for (int feature = first; feature < scalings.size(); feature++) {
                    if (!scalings.get(feature).isConstant()) {
                        int[] product = Arrays.copyOf(factor, factor.length + 1);
                        product[factor.length] = feature;
                        all.add(product);
                    }
                }
            }
            begin = end;
        }
        return all;
    }

    /** Gram and Schmidt: makes a candidate the next column, and takes it away from the others and the residuals. */
    private void take(int which, List<int[]> candidates, List<double[]> left, List<double[]> weightsSoFar) {
        double[] column = left.get(which).clone();
        double norm = Math.sqrt(dot(column, column));
        for (int i = 0; i < column.length; i++) {
            column[i] /= norm;
        }
        int place = columns.size();
        for (int i = 0; i < left.size(); i++) {
            weightsSoFar.get(i)[place] = dot(column, left.get(i));
            subtract(left.get(i), column, weightsSoFar.get(i)[place]);
        }
        subtract(residuals, column, dot(column, residuals));
        columns.add(column);
        terms.add(candidates.get(which));
        weights.add(weightsSoFar.get(which).clone());
    }

    /** -1 if none is significant. */
    private int mostSignificant(List<double[]> left, double[] norms) {
        double squares = dot(residuals, residuals);
        int best = -1;
        double bestPart = 0;
        for (int i = 0; i < left.size(); i++) {
            double norm = dot(left.get(i), left.get(i));
            if (norm > INDEPENDENT * norms[i]) {
                double projection = dot(left.get(i), residuals);
                double part = projection * projection / norm;
                if (part > bestPart) {
                    best = i;
                    bestPart = part;
                }
            }
        }
        double noise = (squares - bestPart) / Math.max(1, degreesOfFreedom() - 1);
        return bestPart > SIGNIFICANT * SIGNIFICANT * noise ? best : -1;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void subtract(double[] from, double[] column, double factor) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= factor * column[i];
        }
    }

    /** The inverse of an upper triangular matrix, which is given by its columns. */
    private static double[][] inverse(List<double[]> upper) {
        int n = upper.size();
        double[][] inverse = new double[n][n];
        for (int column = 0; column < n; column++) {
            inverse[column][column] = 1 / upper.get(column)[column];
            for (int row = column - 1; row >= 0; row--) {
                double sum = 0;
                for (int k = row + 1; k <= column; k++) {
                    sum += upper.get(k)[row] * inverse[k][column];
                }
                inverse[row][column] = -sum / upper.get(row)[row];
            }
        }
        return inverse;
    }

    private double[] scaled(double[] features) {
        double[] scaled = new double[features.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = scalings.get(i).apply(features[i]);
        }
        return scaled;
    }

    private static double product(int[] factors, double[] scaled) {
        double product = 1;
        for (int factor : factors) {
            product *= scaled[factor];
        }
        return product;
    }

    /** The coefficients for other values at the same points. */
    double[] fit(double[] values) {
        double[] projections = columns.stream().mapToDouble(c -> dot(c, values)).toArray();
        return fromOrthonormal(projections);
    }

    /** Coefficients of the terms from those of orthonormal columns, whose errors are independent. */
    double[] fromOrthonormal(double[] projections) {
        return Arrays.stream(root).mapToDouble(row -> dot(row, projections)).toArray();
    }

    /** The terms at a point, the constant first. */
    double[] row(double[] features) {
        double[] scaled = scaled(features);
        return terms.stream().mapToDouble(term -> product(term, scaled)).toArray();
    }

    double[] coefficients() {
        return coefficients.clone();
    }

    double[] residuals() {
        return residuals.clone();
    }

    /** The features on which it depends, by their numbers. */
    int[] features() {
        return terms.stream().flatMapToInt(Arrays::stream).distinct().sorted().toArray();
    }

    int degreesOfFreedom() {
        return residuals.length - terms.size();
    }

    /** The standard deviation of the residuals. */
    double sigma() {
        return Math.sqrt(dot(residuals, residuals) / Math.max(1, degreesOfFreedom()));
    }
}
