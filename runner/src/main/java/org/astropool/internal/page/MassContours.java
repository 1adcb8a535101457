package org.astropool.internal.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.astropool.internal.contour.ChainDensity;
import org.astropool.internal.contour.ContourLine;
import org.astropool.internal.contour.Density;
import org.astropool.internal.contour.Edges;
import org.astropool.internal.contour.Level;

/** Contours that enclose given parts of a posterior. */
final class MassContours {
    private static final List<Double> MASSES = List.of(Level.ONE_SIGMA, Level.TWO_SIGMA, Level.THREE_SIGMA);
    /** Points of a line that are left out differ from it by less than this part of the extent of the plot. */
    private static final double TOLERANCE = 1e-3;

    /** Densities below this part of the highest hold no mass that counts. */
    private static final double NOTHING = 1e-9;

    private static final int MOST_SAMPLES = 100_000;

    private MassContours() {}

    /** Empty when the density is zero everywhere. */
    static List<Object> of(Density whole) {
        Density density = withoutRim(whole);
        List<Object> contours = new ArrayList<>();
        double width = whole.x()[whole.x().length - 1] - whole.x()[0];
        double height = whole.y()[whole.y().length - 1] - whole.y()[0];
        for (Level level : density.levels(MASSES)) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("mass", level.mass());
            fields.put(
                    "lines",
                    density.lines(level.value()).stream()
                            .map(line -> points(line, width, height))
                            .toList());
            contours.add(fields);
        }
        return contours;
    }

    /** Without the rows and columns at the edges that hold nothing: the levels are found by many sums over the rest. */
    private static Density withoutRim(Density density) {
        double[][] values = density.values();
        double least = NOTHING * density.highest();
        int columns = values[0].length;
        int firstRow = values.length;
        int lastRow = -1;
        int firstColumn = columns;
        int lastColumn = -1;
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < columns; column++) {
                if (values[row][column] > least) {
                    firstRow = Math.min(firstRow, row);
                    lastRow = row;
                    firstColumn = Math.min(firstColumn, column);
                    lastColumn = Math.max(lastColumn, column);
                }
            }
        }
        if (lastRow < 0) {
            return density;
        }
        int fromRow = Math.max(0, firstRow - 1);
        int toRow = Math.min(values.length, lastRow + 2);
        int fromColumn = Math.max(0, firstColumn - 1);
        int toColumn = Math.min(columns, lastColumn + 2);
        return new Density(
                Arrays.copyOfRange(density.x(), fromRow, toRow),
                Arrays.copyOfRange(density.y(), fromColumn, toColumn),
                Arrays.stream(values, fromRow, toRow)
                        .map(row -> Arrays.copyOfRange(row, fromColumn, toColumn))
                        .toArray(double[][]::new));
    }

    /**
     * Contours of a chain.
     *
     * @param x walkers x steps
     * @param effective how many independent samples these are
     */
    static List<Object> ofSamples(double[][] x, double[][] y, double effective, Edges ofX, Edges ofY) {
        int stride = Math.max(1, x.length * x[0].length / MOST_SAMPLES);
        double[] flatX = flat(x, stride);
        double[] weights = new double[flatX.length];
        Arrays.fill(weights, 1);
        try {
            return of(ChainDensity.density(flatX, flat(y, stride), weights, effective, ofX, ofY));
        } catch (IllegalArgumentException e) {
            return List.of(); // the samples do not differ yet
        }
    }

    private static double[] flat(double[][] series, int stride) {
        return Arrays.stream(series)
                .flatMapToDouble(walker -> IntStream.iterate(0, i -> i < walker.length, i -> i + stride)
                        .mapToDouble(i -> walker[i]))
                .toArray();
    }

    /** x and y in turn, without points that make no visible difference; a closed line ends where it begins. */
    private static double[] points(ContourLine line, double width, double height) {
        int size = line.closed() ? line.size() + 1 : line.size();
        double[] points = new double[2 * size];
        int kept = 0;
        for (int i = 0; i < size; i++) {
            double x = line.x()[i % line.size()];
            double y = line.y()[i % line.size()];
            double distance =
                    kept == 0 ? 1 : Math.hypot((x - points[2 * kept - 2]) / width, (y - points[2 * kept - 1]) / height);
            if (distance > TOLERANCE || i == size - 1) {
                points[2 * kept] = x;
                points[2 * kept + 1] = y;
                kept++;
            }
        }
        return Arrays.copyOf(points, 2 * kept);
    }
}
