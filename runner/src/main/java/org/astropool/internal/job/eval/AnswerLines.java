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
 * Answers to points on their way out. Who adds one writes it, and what others add meanwhile: a thread for that would
 * have to be woken up. Slow readers hold up at most one of those that bring answers. Thread-safe.
 */
final class AnswerLines {
    /** So many points at most are under way: a program that only writes is slowed down, and no memory fills up. */
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

    /** @param ordered whether they come in the order of the points, or as they are added */
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
                    inTurn(line);
                }
                if (out.checkError()) {
                    end(new IOException(
                            "standard output takes no more answers: its reader has ended, or the disk is full"));
                }
            } finally {
                writing.unlock();
            }
        }
    }

    private void inTurn(Line line) {
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

    /** There will be no more answers: the pool is lost, or nobody takes them. */
    synchronized void end(Exception cause) {
        if (end == null) {
            end = cause;
            underWay.release(MOST_UNDER_WAY);
        }
    }

    /** Why there will be no more answers. */
    @Nullable
    Exception end() {
        return end;
    }

    void awaitAll() throws InterruptedException {
        if (end == null) {
            underWay.acquire(MOST_UNDER_WAY); // each answer has given back its own
        }
        writing.lock();
        try {
            out.flush();
        } finally {
            writing.unlock();
        }
    }
}
