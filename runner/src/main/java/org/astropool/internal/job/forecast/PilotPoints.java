package org.astropool.internal.job.forecast;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses the points of a pilot. Stateless. */
public final class PilotPoints {
    private PilotPoints() {}

    /**
     * A random point from each of so many equal parts of the range, so that all of it is represented, and no pattern of
     * the points coincides with a fixed distance. In an order in which the first ones are spread over the range too: a
     * pilot may be ended early.
     *
     * @param points the length of the range
     * @param count how many are wanted; all if there are fewer
     * @param seed the same one gives the same points
     */
    public static int[] spread(int points, int count, long seed) {
        int wanted = Math.min(points, count);
        SplittableRandom random = new SplittableRandom(seed);
        int[] chosen = new int[wanted];
        Arrays.setAll(chosen, part -> {
            long from = (long) part * points / wanted;
            long end = (long) (part + 1) * points / wanted;
            return (int) (from + random.nextLong(end - from));
        });
        // In the order of van der Corput (1935): halves, quarters, eighths of the range.
        return IntStream.range(0, wanted)
                .boxed()
                .sorted(Comparator.comparingInt(Integer::reverse).thenComparing(Comparator.naturalOrder()))
                .mapToInt(part -> chosen[part])
                .toArray();
    }
}
