package org.astropool.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Points that are evaluated together, with the numbers under which they are answered. Filled by one thread, then read. */
final class PointBatch {
    private final List<Long> indices = new ArrayList<>();
    private final List<double[]> points = new ArrayList<>();

    void add(long index, double[] point) {
        indices.add(index);
        points.add(point);
    }

    int size() {
        return points.size();
    }

    long index(int i) {
        return indices.get(i);
    }

    /** Whether their numbers follow each other. */
    boolean isContiguous() {
        return index(size() - 1) - index(0) == size() - 1;
    }

    /** An input of {@link org.astropool.task.PointFunction}. */
    double[] input() {
        return points.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /**
     * Takes a result of {@link org.astropool.task.PointFunction} apart.
     *
     * @param rows takes the index and the outputs of each point
     */
    void rows(Object result, BiConsumer<Long, Object> rows) {
        if (size() == 1) {
            rows.accept(index(0), result);
            return;
        }
        double[] numbers = (double[]) result;
        int width = numbers.length / size();
        for (int i = 0; i < size(); i++) {
            rows.accept(index(i), Arrays.copyOfRange(numbers, i * width, (i + 1) * width));
        }
    }

    /** A batch for each point. */
    Stream<PointBatch> singly() {
        return IntStream.range(0, size()).mapToObj(i -> {
            PointBatch single = new PointBatch();
            single.add(indices.get(i), points.get(i));
            return single;
        });
    }
}
