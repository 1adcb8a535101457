package org.astropool.internal.job.plan;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
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
    private static final int POSITION_BYTES = 8; // of the record in the journal that has the outputs of a point
    /** The part of the heap for outputs; it leaves room for a second copy, which reports read. */
    private static final double OUTPUT_HEAP = 0.25;
    /** The part of the heap for a file that is in memory while it is written. */
    private static final double FILE_HEAP = 0.4;

    private static final int STRING_BYTES = 48;
    private static final int TEXT_CELL_BYTES = 20;
    private static final int TIMING_ROW_BYTES = 40;
    private static final int JOURNAL_RECORD_BYTES =
            64; // a slow point has a record of its own: 28, five numbers, a host
    private static final int JOURNAL_POINT_BYTES = 12;

    private Capacity() {}

    /** @param rowsOfFile the number of points whose outputs are in one file */
    public static List<String> problems(
            EvaluationSpec spec, Path directory, List<TableFormat> formats, long rowsOfFile, long maxHeap) {
        long points = spec.points().size();
        if (points > MOST_POINTS) {
            return List.of("there are " + points + " points, more than the " + MOST_POINTS
                    + " that one result can index; split it into several jobs");
        }
        List<String> problems = new ArrayList<>();
        heapProblem(spec, maxHeap, "evaluate fewer points").ifPresent(problems::add);
        double whole = 2.0 * Math.min(points, rowsOfFile) * Shards.bytesOfRow(spec);
        if (formats.contains(TableFormat.HDF5) && whole > FILE_HEAP * maxHeap) {
            problems.add("an HDF5 file is in memory while it is written, and one with " + Math.min(points, rowsOfFile)
                    + " points needs about " + size(whole) + ", the heap has " + size(maxHeap)
                    + "; write npz or fits instead, or files with fewer points (output.shard_rows of a [design])");
        }
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
        double heap = (double) spec.points().size() * heapBytes(spec, maxHeap);
        if (heap <= USABLE_HEAP * maxHeap) {
            return Optional.empty();
        }
        return Optional.of("the results of " + spec.points().size() + " points need about " + size(heap)
                + " of memory, the heap has " + size(maxHeap) + "; give more, for instance ASTROPOOL_JAVA_OPTS=-Xmx"
                + (long) Math.ceil(heap / USABLE_HEAP / (1 << 30)) + "g, or " + otherwise);
    }

    /** How much memory outputs may use; the others are read from the journal when they are needed. */
    public static long outputMemory(long maxHeap) {
        return (long) (OUTPUT_HEAP * maxHeap);
    }

    /**
     * The positions of the outputs that are held in memory: all if they fit; else log_likelihood, which the summary
     * needs, and those of the other numbers that fit.
     *
     * @param memory bytes that they may use
     */
    public static BitSet held(EvaluationSpec spec, long memory) {
        List<Output> outputs = spec.outputs();
        BitSet held = new BitSet();
        double points = spec.points().size();
        if (points * outputBytes(spec) <= memory) {
            held.set(0, outputs.size());
            return held;
        }
        double left = memory;
        for (int i = 0; i < outputs.size(); i++) {
            Output output = outputs.get(i);
            boolean isNumber = output.type() != Output.Type.STRING && output.type() != Output.Type.DOUBLE_VECTOR;
            if (output.name().equals(Output.LOG_LIKELIHOOD) || (isNumber && points * Double.BYTES <= left)) {
                held.set(i);
                left -= points * Double.BYTES;
            }
        }
        return held;
    }

    private static long heapBytes(EvaluationSpec spec, long maxHeap) {
        BitSet held = held(spec, outputMemory(maxHeap));
        List<Output> outputs = spec.outputs();
        long bytes = BOOKKEEPING_BYTES;
        for (int i = 0; i < outputs.size(); i++) {
            bytes += held.get(i) ? outputBytes(outputs.get(i)) : 0;
        }
        return bytes + (held.cardinality() < outputs.size() ? POSITION_BYTES : 0);
    }

    private static long outputBytes(EvaluationSpec spec) {
        long bytes = 0;
        for (Output output : spec.outputs()) {
            bytes += outputBytes(output);
        }
        return bytes;
    }

    private static long outputBytes(Output output) {
        return output.type() == Output.Type.STRING ? STRING_BYTES : (long) Double.BYTES * output.length();
    }

    private static long diskBytes(EvaluationSpec spec, List<TableFormat> formats) {
        return JOURNAL_RECORD_BYTES + JOURNAL_POINT_BYTES + outputBytes(spec) + rowBytes(spec, formats);
    }

    /** The estimated size of the result files of all points. */
    public static double resultBytes(EvaluationSpec spec, List<TableFormat> formats) {
        return (double) spec.points().size() * rowBytes(spec, formats);
    }

    private static long rowBytes(EvaluationSpec spec, List<TableFormat> formats) {
        long cells = 2L + spec.points().names().size() + (spec.hasPriors() ? 2 : 0);
        for (Output output : spec.outputs()) {
            cells += output.length();
        }
        long bytes = TIMING_ROW_BYTES;
        for (TableFormat format : formats) {
            bytes += cells * (format.isText() ? TEXT_CELL_BYTES : Double.BYTES);
        }
        return bytes;
    }

    /**
     * The free disk space of a folder that need not exist; the largest number if it is not known. Asks for the folder
     * itself: a chroot need not know the mount point of its file systems, which a FileStore needs.
     */
    public static long freeBytes(Path directory) {
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
