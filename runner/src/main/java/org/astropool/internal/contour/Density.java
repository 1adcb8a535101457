package org.astropool.internal.contour;

import java.util.Arrays;
import java.util.List;

/**
 * A density of two parameters, given at the nodes of a rectangular grid whose distances may be uneven; it need not be
 * normalised.
 *
 * <p>Each cell between four nodes is divided by its diagonals into four triangles, with the mean of the four nodes in
 * the middle, which is also the middle of the bilinear surface; in a triangle the density is linear. So the mass above
 * a level is exact, the contours bound exactly this mass, and a saddle is no special case. Cells with a node whose
 * density is not known (NaN) have no mass. Immutable, if the arrays are left alone.
 *
 * @param x of the nodes, at least two, ascending
 * @param y of the nodes, at least two, ascending
 * @param values at (x[i], y[j]) in values[i][j]: finite and at least 0, or NaN
 */
public record Density(double[] x, double[] y, double[][] values) {
    private static final int BISECTIONS = 1100; // from the largest to the smallest double
    private static final double PRECISION = 1e-10;

    public Density {
        checkAxis("x", x);
        checkAxis("y", y);
        if (values.length != x.length) {
            throw new IllegalArgumentException(values.length + " rows of values for " + x.length + " values of x");
        }
        for (double[] row : values) {
            if (row.length != y.length) {
                throw new IllegalArgumentException("a row of " + row.length + " values for " + y.length + " of y");
            }
            for (double value : row) {
                if (value < 0 || Double.isInfinite(value)) {
                    throw new IllegalArgumentException("a density of " + value + "; it must be finite and at least 0");
                }
            }
        }
    }

    static void checkAxis(String name, double[] axis) {
        if (axis.length < 2) {
            throw new IllegalArgumentException(name + " has " + axis.length + " values, it needs at least 2");
        }
        for (int i = 1; i < axis.length; i++) {
            if (!(axis[i] > axis[i - 1])) {
                throw new IllegalArgumentException(name + " does not ascend: " + axis[i] + " follows " + axis[i - 1]);
            }
        }
    }

    /**
     * A density from its logarithm, refined.
     *
     * <p>Between the nodes the logarithm is interpolated by polynomials of up to third degree along each axis, which
     * reproduces a Gaussian exactly; linear interpolation of the density itself would make it wider: by a third of the
     * square of the distance of the nodes in units of sigma, in area.
     *
     * @param logValues up to a constant; -infinity for a density of 0, NaN where it is not known
     * @param cells at least so many on each axis
     */
    public static Density ofLog(double[] x, double[] y, double[][] logValues, int cells) {
        checkAxis("x", x);
        checkAxis("y", y);
        LogInterpolation alongX = new LogInterpolation(x, cells);
        LogInterpolation alongY = new LogInterpolation(y, cells);
        double[][] rows = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            rows[i] = alongY.apply(logValues[i]);
        }
        double[] fineX = alongX.nodes();
        double[] fineY = alongY.nodes();
        double[][] fine = new double[fineX.length][fineY.length];
        double[] column = new double[x.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < fineY.length; j++) {
            for (int i = 0; i < x.length; i++) {
                column[i] = rows[i][j];
            }
            double[] fineColumn = alongX.apply(column);
            for (int i = 0; i < fineX.length; i++) {
                fine[i][j] = fineColumn[i];
                highest = fineColumn[i] > highest ? fineColumn[i] : highest;
            }
        }
        for (double[] row : fine) {
            LogInterpolation.exp(row, highest);
        }
        return new Density(fineX, fineY, fine);
    }

    /** The integral of the density. */
    public double mass() {
        return massAbove(-1);
    }

    /** The integral of the density over the region where it is above a level. */
    public double massAbove(double level) {
        double mass = 0;
        for (int i = 0; i < x.length - 1; i++) {
            for (int j = 0; j < y.length - 1; j++) {
                mass += massAbove(i, j, level);
            }
        }
        return mass;
    }

    /** Of the cell whose first node is (i, j). */
    private double massAbove(int i, int j, double level) {
        double a = values[i][j];
        double b = values[i + 1][j];
        double c = values[i + 1][j + 1];
        double d = values[i][j + 1];
        double middle = (a + b + c + d) / 4;
        if (!(Math.max(Math.max(a, b), Math.max(c, d)) > level)) { // also for NaN
            return 0;
        }
        double parts = Math.min(Math.min(a, b), Math.min(c, d)) > level
                ? 4 * middle
                : Triangles.mass(a, b, middle, level)
                        + Triangles.mass(b, c, middle, level)
                        + Triangles.mass(c, d, middle, level)
                        + Triangles.mass(d, a, middle, level);
        return parts / 4 * (x[i + 1] - x[i]) * (y[j + 1] - y[j]);
    }

    /** Whether a level between two others may cut the cell; else it is above all of them, or below. */
    private boolean isCut(int i, int j, double low, double high) {
        double a = values[i][j];
        double b = values[i + 1][j];
        double c = values[i + 1][j + 1];
        double d = values[i][j + 1];
        return Math.max(Math.max(a, b), Math.max(c, d)) > low && Math.min(Math.min(a, b), Math.min(c, d)) < high;
    }

    /** The area of the region where the density is above a level. */
    public double areaAbove(double level) {
        double area = 0;
        for (int i = 0; i < x.length - 1; i++) {
            for (int j = 0; j < y.length - 1; j++) {
                double a = values[i][j];
                double b = values[i + 1][j];
                double c = values[i + 1][j + 1];
                double d = values[i][j + 1];
                double middle = (a + b + c + d) / 4;
                if (!Double.isNaN(middle)) {
                    double parts = Triangles.area(a, b, middle, level)
                            + Triangles.area(b, c, middle, level)
                            + Triangles.area(c, d, middle, level)
                            + Triangles.area(d, a, middle, level);
                    area += parts / 4 * (x[i + 1] - x[i]) * (y[j + 1] - y[j]);
                }
            }
        }
        return area;
    }

    /** The highest value; 0 when none is known. */
    public double highest() {
        double highest = 0;
        for (double[] row : values) {
            for (double value : row) {
                highest = value > highest ? value : highest;
            }
        }
        return highest;
    }

    /**
     * The level above which a part of the mass lies.
     *
     * @param mass above 0 and below 1, for instance {@link Level#ONE_SIGMA}
     * @throws IllegalArgumentException when there is no mass at all
     */
    public Level level(double mass) {
        List<Level> levels = levels(List.of(mass));
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("the density is 0 everywhere");
        }
        return levels.get(0);
    }

    /**
     * The levels above which parts of the mass lie, in the order of the parts; empty when there is no mass at all.
     *
     * @param masses above 0 and below 1
     */
    public List<Level> levels(List<Double> masses) {
        for (double mass : masses) {
            if (!(mass > 0 && mass < 1)) {
                throw new IllegalArgumentException("the mass is " + mass + ", it must be above 0 and below 1");
            }
        }
        double total = mass();
        return total > 0 ? masses.stream().map(mass -> level(mass, total)).toList() : List.of();
    }

    private Level level(double mass, double total) {
        double low = 0;
        double high = highest();
        double aboveLow = total;
        int columns = y.length - 1;
        int[] cells = new int[(x.length - 1) * columns];
        int count = cells.length;
        Arrays.setAll(cells, cell -> cell);
        double above = 0; // mass of the cells that are above all levels between low and high
        for (int step = 0; step < BISECTIONS && high - low > PRECISION * high; step++) {
            double middle = (low + high) / 2;
            double sum = above;
            for (int k = 0; k < count; k++) {
                sum += massAbove(cells[k] / columns, cells[k] % columns, middle);
            }
            if (sum >= mass * total) {
                low = middle;
                aboveLow = sum;
            } else {
                high = middle;
            }
            int kept = 0;
            for (int k = 0; k < count; k++) {
                int i = cells[k] / columns;
                int j = cells[k] % columns;
                if (isCut(i, j, low, high)) {
                    cells[kept++] = cells[k];
                } else {
                    above += massAbove(i, j, low);
                }
            }
            count = kept;
        }
        return new Level(mass, low, aboveLow / total);
    }

    /** The lines on which the density is equal to a level; they end at the edges of the grid. */
    public List<ContourLine> lines(double level) {
        return new LineTracer(x, y, values, level).lines();
    }

    /**
     * The boundaries of the region where the density is above a level, along the edges of the grid as well: all are
     * closed, to be filled by the even-odd rule. A density that is not known counts as 0.
     */
    public List<ContourLine> rings(double level) {
        double[][] framed = new double[x.length + 2][y.length + 2];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                framed[i + 1][j + 1] = Double.isNaN(values[i][j]) ? 0 : values[i][j];
            }
        }
        return new LineTracer(framed(x), framed(y), framed, level).lines();
    }

    /** With its ends doubled: the frame of zeros around the grid has no width. */
    private static double[] framed(double[] axis) {
        double[] framed = new double[axis.length + 2];
        System.arraycopy(axis, 0, framed, 1, axis.length);
        framed[0] = axis[0];
        framed[axis.length + 1] = axis[axis.length - 1];
        return framed;
    }
}
