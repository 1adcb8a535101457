package org.astropool.internal.job.plan;

import java.util.OptionalInt;
import org.astropool.task.Output;

/**
 * How the points of a design are divided into files: each file has the same number of consecutive points, except the
 * last one.
 *
 * @param points the number of all points
 * @param rows the number of points of a file
 */
public record Shards(int points, int rows) {
    /** Of the numbers in a file, unless the job gives the number of points. */
    private static final long BYTES = 1L << 26;

    /** @param rows as the job gives it */
    public static Shards of(EvaluationSpec spec, OptionalInt rows) {
        return new Shards(Math.toIntExact(spec.points().size()), rows.orElseGet(() -> defaultRows(bytesOfRow(spec))));
    }

    /** The number of bytes of the numbers of a point in a file. */
    static long bytesOfRow(EvaluationSpec spec) {
        long numbers = 1L + spec.points().names().size();
        for (Output output : spec.outputs()) {
            numbers += output.length();
        }
        return numbers * Double.BYTES;
    }

    /** As many as fit, rounded down to one digit so that the numbers are easy to work with. */
    private static int defaultRows(long bytesOfRow) {
        long fitting = Math.max(1, BYTES / bytesOfRow);
        long digit = (long) Math.pow(10, Math.floor(Math.log10(fitting)));
        return (int) (fitting / digit * digit);
    }

    public int count() {
        return (int) (((long) points + rows - 1) / rows);
    }

    /** The first point of a file; for the number of files, the number of points. */
    public int from(int shard) {
        return (int) Math.min((long) shard * rows, points);
    }
}
