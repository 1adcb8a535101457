package org.astropool.internal.contour;

/** Convolves masses on the nodes of two axes with a Gaussian kernel of the shape of a covariance. Rows follow x. */
final class PlaneSmoother {
    /** In standard deviations of the kernel. */
    private static final double REACH = 4.5;

    private final SampleRange xRange;
    private final SampleRange yRange;
    private final Moments steps;

    PlaneSmoother(SampleRange xRange, SampleRange yRange, Moments covariance) {
        this.xRange = xRange;
        this.yRange = yRange;
        this.steps = new Moments(
                covariance.xx() / (xRange.step() * xRange.step()),
                covariance.xy() / (xRange.step() * yRange.step()),
                covariance.yy() / (yRange.step() * yRange.step()));
    }

    /** The parts of the samples at the nodes, their sum is 1. */
    double[] masses(double[] x, double[] y, double[] weights) {
        int ny = yRange.nodes();
        double[] masses = new double[xRange.nodes() * ny];
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        for (int s = 0; s < x.length; s++) {
            if (weights[s] > 0) {
                int i = xRange.below(x[s]);
                int j = yRange.below(y[s]);
                double right = (x[s] - xRange.from()) / xRange.step() - i;
                double up = (y[s] - yRange.from()) / yRange.step() - j;
                double weight = weights[s] / total;
                masses[i * ny + j] += (1 - right) * (1 - up) * weight;
                masses[i * ny + j + 1] += (1 - right) * up * weight;
                masses[(i + 1) * ny + j] += right * (1 - up) * weight;
                masses[(i + 1) * ny + j + 1] += right * up * weight;
            }
        }
        return masses;
    }

    /**
     * Mass per cell at each node; near an edge divided by the part of the kernel that lies inside.
     *
     * @param width of the kernel, in units of the square root of the covariance
     */
    double[] smooth(double[] masses, double width) {
        int nx = xRange.nodes();
        int ny = yRange.nodes();
        double xx = Math.max(steps.xx() * width * width, 1e-6);
        double yy = Math.max(steps.yy() * width * width, 1e-6);
        double slope = steps.xy() / steps.xx();
        double across = Math.sqrt(Math.max(yy - slope * slope * xx, 1e-6));
        int xRadius = (int) Math.ceil(REACH * Math.sqrt(xx));
        int yRadius = (int) Math.ceil(REACH * Math.sqrt(yy));
        int columns = 2 * yRadius + 1;
        double[] kernel = new double[(2 * xRadius + 1) * columns];
        int[] from = new int[2 * xRadius + 1];
        int[] to = new int[2 * xRadius + 1];
        double whole = 0;
        for (int di = -xRadius; di <= xRadius; di++) {
            // Of a row of an oblique kernel the middle part alone counts.
            int row = di + xRadius;
            from[row] = Math.max(-yRadius, (int) Math.floor(slope * di - REACH * across));
            to[row] = Math.min(yRadius, (int) Math.ceil(slope * di + REACH * across));
            for (int dj = from[row]; dj <= to[row]; dj++) {
                double off = (dj - slope * di) / across;
                double value = Math.exp(-0.5 * (di * di / xx + off * off));
                kernel[row * columns + dj + yRadius] = value;
                whole += value;
            }
        }
        double[] smooth = new double[masses.length];
        for (int i = 0; i < nx; i++) {
            for (int j = 0; j < ny; j++) {
                double mass = masses[i * ny + j] / whole;
                if (mass > 0) {
                    for (int di = Math.max(-xRadius, -i); di <= Math.min(xRadius, nx - 1 - i); di++) {
                        int row = di + xRadius;
                        int source = row * columns + yRadius;
                        int target = (i + di) * ny + j;
                        int last = Math.min(to[row], ny - 1 - j);
                        for (int dj = Math.max(from[row], -j); dj <= last; dj++) {
                            smooth[target + dj] += mass * kernel[source + dj];
                        }
                    }
                }
            }
        }
        correctEdges(smooth, new KernelSums(kernel, xRadius, yRadius));
        return smooth;
    }

    private void correctEdges(double[] smooth, KernelSums sums) {
        int nx = xRange.nodes();
        int ny = yRange.nodes();
        if (!xRange.isLowHard() && !xRange.isHighHard() && !yRange.isLowHard() && !yRange.isHighHard()) {
            return;
        }
        for (int i = 0; i < nx; i++) {
            for (int j = 0; j < ny; j++) {
                // The cells of the nodes at an edge are half as wide: the mean of with them and without them.
                double inside = 0;
                for (int x = 0; x <= 1; x++) {
                    for (int y = 0; y <= 1; y++) {
                        inside += sums.inside(
                                first(xRange, i, x), last(xRange, i, x), first(yRange, j, y), last(yRange, j, y));
                    }
                }
                smooth[i * ny + j] *= 4 / inside;
            }
        }
    }

    private static int first(SampleRange range, int node, int without) {
        return range.isLowHard() ? without - node : Integer.MIN_VALUE;
    }

    private static int last(SampleRange range, int node, int without) {
        return range.isHighHard() ? range.nodes() - 1 - without - node : Integer.MAX_VALUE;
    }

    /** Sums of a kernel over rectangles, each relative to the sum over all. */
    private static final class KernelSums {
        private final int xRadius;
        private final int yRadius;
        private final double[][] upTo;

        KernelSums(double[] kernel, int xRadius, int yRadius) {
            this.xRadius = xRadius;
            this.yRadius = yRadius;
            int columns = 2 * yRadius + 1;
            this.upTo = new double[2 * xRadius + 2][columns + 1];
            for (int i = 0; i < 2 * xRadius + 1; i++) {
                for (int j = 0; j < columns; j++) {
                    upTo[i + 1][j + 1] = kernel[i * columns + j] + upTo[i][j + 1] + upTo[i + 1][j] - upTo[i][j];
                }
            }
        }

        /** Distances from the middle, both included. */
        double inside(int xFrom, int xTo, int yFrom, int yTo) {
            int i1 = index(xFrom, xRadius);
            int i2 = Math.max(i1, index(xTo == Integer.MAX_VALUE ? xTo : xTo + 1, xRadius));
            int j1 = index(yFrom, yRadius);
            int j2 = Math.max(j1, index(yTo == Integer.MAX_VALUE ? yTo : yTo + 1, yRadius));
            double sum = upTo[i2][j2] - upTo[i1][j2] - upTo[i2][j1] + upTo[i1][j1];
            return sum / upTo[2 * xRadius + 1][2 * yRadius + 1];
        }

        private static int index(int distance, int radius) {
            return Math.max(-radius, Math.min(radius + 1, distance)) + radius;
        }
    }

    /** The integral of a density that is given per cell, as {@link Density} integrates it. */
    double sum(double[] density) {
        int nx = xRange.nodes();
        int ny = yRange.nodes();
        double sum = 0;
        for (int i = 0; i < nx; i++) {
            for (int j = 0; j < ny; j++) {
                double part = (i == 0 || i == nx - 1 ? 0.5 : 1) * (j == 0 || j == ny - 1 ? 0.5 : 1);
                sum += part * density[i * ny + j];
            }
        }
        return sum * xRange.step() * yRange.step();
    }

    /** The integral of the squared sum of the second derivatives along the main axes of the covariance. */
    double roughness(double[] perCell) {
        int ny = yRange.nodes();
        double cell = xRange.step() * yRange.step();
        double sum = 0;
        for (int i = 1; i < xRange.nodes() - 1; i++) {
            for (int j = 1; j < ny - 1; j++) {
                int at = i * ny + j;
                double xx = perCell[at - ny] - 2 * perCell[at] + perCell[at + ny];
                double yy = perCell[at - 1] - 2 * perCell[at] + perCell[at + 1];
                double xy =
                        (perCell[at + ny + 1] - perCell[at + ny - 1] - perCell[at - ny + 1] + perCell[at - ny - 1]) / 4;
                double second = (steps.xx() * xx + 2 * steps.xy() * xy + steps.yy() * yy) / cell;
                sum += second * second * cell;
            }
        }
        return sum;
    }

    /** By x, each with all values of y. */
    double[][] rows(double[] values) {
        int ny = yRange.nodes();
        double[][] rows = new double[xRange.nodes()][ny];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, i * ny, rows[i], 0, ny);
        }
        return rows;
    }
}
