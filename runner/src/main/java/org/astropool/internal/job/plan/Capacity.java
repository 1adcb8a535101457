package org.astropool.internal.job.plan;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.astropool.internal.job.table.TableFormat;
import org.astropool.task.Output;

/** Estimates, before anything starts, whether the results fit into an array, the heap and the free disk space. */
public final class Capacity {
    private static final long MOST_POINTS = Integer.MAX_VALUE - 8; // the longest array of common JVMs
    private static final double USABLE_HEAP = 0.8;
    private static final int BOOKKEEPING_BYTES = 15; // status, seconds, worker, attempt of a point
    private static final int STRING_BYTES = 48;
    private static final int TEXT_CELL_BYTES = 20;
    private static final int TIMING_ROW_BYTES = 40;
    private static final int JOURNAL_RECORD_BYTES =
            64; // a slow point has a record of its own: 28, five numbers, a host
    private static final int JOURNAL_POINT_BYTES = 12;

    private Capacity() {}

    public static List<String> problems(EvaluationSpec spec, Path directory, List<TableFormat> formats, long maxHeap) {
        long points = spec.points().size();
        if (points > MOST_POINTS) {
            return List.of("there are " + points + " points, more than the " + MOST_POINTS
                    + " that one result can index; split it into several jobs");
        }
        List<String> problems = new ArrayList<>();
        heapProblem(spec, maxHeap, "evaluate fewer points").ifPresent(problems::add);
        double disk = (double) points * diskBytes(spec, formats);
        long free = freeBytes(directory);
        if (disk > free) {
            problems.add("the journal and the result files of " + points + " points need about " + size(disk) + ", "
                    + directory + " has " + size(free)
                    + " free; make room, choose another --out, or write fewer formats");
        }
        return problems;
    }

    /** @param otherwise the alternative to more memory, for the message */
    public static Optional<String> heapProblem(EvaluationSpec spec, long maxHeap, String otherwise) {
        double heap = (double) spec.points().size() * heapBytes(spec);
        if (heap <= USABLE_HEAP * maxHeap) {
            return Optional.empty();
        }
        return Optional.of("the results of " + spec.points().size() + " points need about " + size(heap)
                + " of memory, the heap has " + size(maxHeap) + "; give more, for instance ASTROPOOL_JAVA_OPTS=-Xmx"
                + (long) Math.ceil(heap / USABLE_HEAP / (1 << 30)) + "g, or " + otherwise);
    }

    private static long heapBytes(EvaluationSpec spec) {
        return BOOKKEEPING_BYTES + outputBytes(spec);
    }

    private static long outputBytes(EvaluationSpec spec) {
        long bytes = 0;
        for (Output output : spec.outputs()) {
            bytes += output.type() == Output.Type.STRING ? STRING_BYTES : (long) Double.BYTES * output.length();
        }
        return bytes;
    }

    private static long diskBytes(EvaluationSpec spec, List<TableFormat> formats) {
        long cells = 2L + spec.points().names().size() + (spec.hasPriors() ? 2 : 0);
        for (Output output : spec.outputs()) {
            cells += output.length();
        }
        long bytes = TIMING_ROW_BYTES + JOURNAL_RECORD_BYTES + JOURNAL_POINT_BYTES + outputBytes(spec);
        for (TableFormat format : formats) {
            bytes += cells * (format == TableFormat.FITS ? Double.BYTES : TEXT_CELL_BYTES);
        }
        return bytes;
    }

    /**
     * Asks for the folder itself: a chroot need not know the mount point of its file systems, which a FileStore needs.
     */
    private static long freeBytes(Path directory) {
        Path existing = directory;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        File folder = existing.toFile();
        boolean known = folder.getTotalSpace() > 0;
        return known ? folder.getUsableSpace() : Long.MAX_VALUE;
    }

    private static String size(double bytes) {
        double mib = bytes / (1 << 20);
        return mib < 1024
                ? String.format(Locale.ROOT, "%.1f MiB", mib)
                : String.format(Locale.ROOT, "%.1f GiB", mib / 1024);
    }
}
