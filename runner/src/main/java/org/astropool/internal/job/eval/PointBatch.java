package org.astropool.internal.job.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.astropool.internal.model.NumberedPoints;

/** Points that are evaluated together; their numbers follow each other. Filled by one thread, then read. */
final class PointBatch {
    private final long firstIndex;
    private final List<double[]> points = new ArrayList<>();

    PointBatch(long firstIndex) {
        this.firstIndex = firstIndex;
    }

    void add(double[] point) {
        points.add(point);
    }

    int size() {
        return points.size();
    }

    long firstIndex() {
        return firstIndex;
    }

    /** An input of {@link org.astropool.internal.model.NumberedPointFunction}. */
    double[] input() {
        return new NumberedPoints(firstIndex, points.toArray(double[][]::new)).packed();
    }

    /**
     * Splits a result of {@link org.astropool.internal.model.NumberedPointFunction}.
     *
     * @return the outputs of each point
     */
    List<Object> rows(Object result) {
        if (size() == 1) {
            return List.of(result);
        }
        double[] numbers = (double[]) result;
        int width = numbers.length / size();
        return IntStream.range(0, size())
                .<Object>mapToObj(i -> Arrays.copyOfRange(numbers, i * width, (i + 1) * width))
                .toList();
    }

    /** A batch for each point. */
    Stream<PointBatch> singly() {
        return IntStream.range(0, size()).mapToObj(i -> {
            PointBatch single = new PointBatch(firstIndex + i);
            single.add(points.get(i));
            return single;
        });
    }
}
