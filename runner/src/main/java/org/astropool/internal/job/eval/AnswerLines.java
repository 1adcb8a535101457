package org.astropool.internal.job.eval;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A queue of answers that are written to the output. A thread that adds an answer also writes it, together with those
 * that other threads add meanwhile, since waking up a separate thread would take longer. A slow reader blocks at most
 * one of these threads. Thread-safe.
 */
final class AnswerLines {
    /**
     * The maximum number of points without an answer. It slows down a program that writes points without reading
     * answers, and limits the memory.
     */
    static final int MOST_UNDER_WAY = 1 << 14;

    private final PrintStream out;
    private final boolean ordered;
    private final Queue<Line> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<Long, Line> early = new TreeMap<>();
    private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
    private long next;
    private volatile @Nullable Exception end;

    private record Line(long index, int points, String text) {}

    /** @param ordered whether answers are written in the order of the points, or as they are added */
    AnswerLines(PrintStream out, boolean ordered) {
        this.out = out;
        this.ordered = ordered;
    }

    /** Waits until there is room for one more point. */
    void begin() throws InterruptedException {
        underWay.acquire();
    }

    /**
     * Adds a line, to be written by {@link #write}.
     *
     * @param index of the first point that it answers
     * @param points how many it answers; the line then has a list of their indices
     */
    void add(long index, int points, Map<String, Object> answer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(
                "index",
                points == 1
                        ? index
                        : LongStream.range(index, index + points).boxed().toList());
        line.putAll(answer);
        queue.add(new Line(index, points, JsonWriter.string(line)));
    }

    /** Writes what was added, unless another thread does. */
    void write() {
        while (!queue.isEmpty() && writing.tryLock()) {
            try {
                for (Line line = queue.poll(); line != null; line = queue.poll()) {
                    writeInOrder(line);
                }
                if (out.checkError()) {
                    end(new IOException(
                            "answers cannot be written to standard output: its reader has ended, or the disk is full"));
                }
            } finally {
                writing.unlock();
            }
        }
    }

    private void writeInOrder(Line line) {
        if (!ordered) {
            write(line);
            return;
        }
        early.put(line.index, line);
        for (Line first = early.remove(next); first != null; first = early.remove(next)) {
            write(first);
            next += first.points;
        }
    }

    private void write(Line line) {
        out.println(line.text);
        underWay.release(line.points);
    }

    /** No more answers are written: the pool is lost, or standard output cannot be written. */
    synchronized void end(Exception cause) {
        if (end == null) {
            end = cause;
            underWay.release(MOST_UNDER_WAY);
        }
    }

    /** Why no more answers are written. */
    @Nullable
    Exception end() {
        return end;
    }

    void awaitAll() throws InterruptedException {
        if (end == null) {
            underWay.acquire(MOST_UNDER_WAY); // each answer has released one
        }
        writing.lock();
        try {
            out.flush();
        } finally {
            writing.unlock();
        }
    }
}
