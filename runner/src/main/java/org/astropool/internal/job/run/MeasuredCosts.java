package org.astropool.internal.job.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.table.RowTable;
import org.astropool.internal.job.table.TableReference;
import org.astropool.internal.model.PointTable;

/** How long each point took in an earlier run of the same points, from its timings.fits. Immutable. */
public final class MeasuredCosts implements LongToDoubleFunction {
    /** Thirty years; larger numbers overflow the nanoseconds of a simulation. */
    private static final double MOST_SECONDS = 1e9;

    private final double[] seconds;

    private MeasuredCosts(double[] seconds) {
        this.seconds = seconds;
    }

    /**
     * Points that the earlier run did not evaluate are expected to take its median.
     *
     * @param run the output directory of a complete run
     * @throws JobException when it has no timings, or they are of other points
     */
    static MeasuredCosts of(Path run, long points) throws JobException {
        try {
            PointTable rows = rows(run);
            double[] seconds = new double[Math.toIntExact(points)];
            Arrays.fill(seconds, Double.NaN);
            double[] measured = new double[Math.toIntExact(rows.size())];
            for (int row = 0; row < measured.length; row++) {
                double[] point = rows.point(row);
                if (point[0] >= points) {
                    throw new JobException("--costs-from " + run + " has timings of point " + (long) point[0]
                            + ", this run has " + points + " points; name a run of the same points");
                }
                seconds[(int) point[0]] = point[1];
                measured[row] = point[1];
            }
            Arrays.sort(measured);
            double median = measured[measured.length / 2];
            return new MeasuredCosts(Arrays.stream(seconds)
                    .map(s -> Double.isNaN(s) ? median : s)
                    .toArray());
        } catch (IOException e) {
            throw new JobException("--costs-from " + run + ": " + e.getMessage());
        }
    }

    private static PointTable rows(Path run) throws IOException {
        Path file = new OutputDirectory(run).timings();
        if (!Files.exists(file)) {
            throw new IOException("there is no " + file.getFileName()
                    + "; name the output directory of a complete run of the same points");
        }
        PointTable rows = RowTable.read(TableReference.of(file)).columns(List.of("index", "seconds"));
        for (long row = 0; row < rows.size(); row++) {
            double[] point = rows.point(row);
            if (point[0] < 0 || point[0] != Math.rint(point[0]) || point[1] < 0 || point[1] > MOST_SECONDS) {
                throw new IOException(file + ": row " + (row + 1) + " has " + point[1] + " s for point " + point[0]
                        + "; name the output directory of a complete run of the same points");
            }
        }
        return rows;
    }

    /**
     * The seconds that each evaluated point of a run took, in order.
     *
     * @throws IOException when the run has no timings
     */
    public static double[] seconds(Path run) throws IOException {
        PointTable rows = rows(run);
        return IntStream.range(0, (int) rows.size())
                .mapToDouble(row -> rows.point(row)[1])
                .toArray();
    }

    @Override
    public double applyAsDouble(long point) {
        return seconds[(int) point];
    }
}
