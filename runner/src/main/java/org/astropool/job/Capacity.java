package org.astropool.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.astropool.task.Output;

/** Whether a grid's results fit the indices of an array, the heap, and the free disk; estimated before anything starts. */
final class Capacity {
    private static final long MOST_POINTS = Integer.MAX_VALUE - 8; // the longest array of common JVMs
    private static final double USABLE_HEAP = 0.8;
    private static final int BOOKKEEPING_BYTES = 15; // status, seconds, worker, attempt of a point
    private static final int STRING_BYTES = 48;
    private static final int TEXT_CELL_BYTES = 20;
    private static final int TIMING_ROW_BYTES = 40;

    private Capacity() {}

    static List<String> problems(GridSpec spec, Path directory, List<ResultFormat> formats, long maxHeap)
            throws IOException {
        long points = spec.grid().size();
        if (points > MOST_POINTS) {
            return List.of("the grid has " + points + " points, more than the " + MOST_POINTS
                    + " that one result can index; split it into several jobs");
        }
        List<String> problems = new ArrayList<>();
        double heap = (double) points * heapBytes(spec);
        if (heap > USABLE_HEAP * maxHeap) {
            problems.add("the results of " + points + " points need about " + size(heap) + " of memory, the heap has "
                    + size(maxHeap) + "; give more, for instance ASTROPOOL_JAVA_OPTS=-Xmx"
                    + (long) Math.ceil(heap / USABLE_HEAP / (1 << 30)) + "g, or use a smaller grid");
        }
        double disk = (double) points * diskBytes(spec, formats);
        long free = freeBytes(directory);
        if (disk > free) {
            problems.add("the result files of " + points + " points need about " + size(disk) + ", " + directory
                    + " has " + size(free) + " free; make room, choose another --out, or write fewer formats");
        }
        return problems;
    }

    private static long heapBytes(GridSpec spec) {
        long bytes = BOOKKEEPING_BYTES;
        for (Output output : spec.outputs()) {
            bytes += output.type() == Output.Type.STRING ? STRING_BYTES : (long) Double.BYTES * output.length();
        }
        return bytes;
    }

    private static long diskBytes(GridSpec spec, List<ResultFormat> formats) {
        long cells = 2L + spec.grid().axes().size() + (spec.hasPriors() ? 2 : 0);
        for (Output output : spec.outputs()) {
            cells += output.length();
        }
        long bytes = TIMING_ROW_BYTES;
        for (ResultFormat format : formats) {
            bytes += cells * (format == ResultFormat.FITS ? Double.BYTES : TEXT_CELL_BYTES);
        }
        return bytes;
    }

    private static long freeBytes(Path directory) throws IOException {
        Path existing = directory;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing).getUsableSpace();
    }

    private static String size(double bytes) {
        double mib = bytes / (1 << 20);
        return mib < 1024
                ? String.format(Locale.ROOT, "%.1f MiB", mib)
                : String.format(Locale.ROOT, "%.1f GiB", mib / 1024);
    }
}
