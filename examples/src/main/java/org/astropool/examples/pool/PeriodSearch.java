package org.astropool.examples.pool;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.astropool.pool.Pool;

/**
 * An executor service: the frequency of a star with a period of 0.7 days, with one task for each range of frequencies.
 */
public final class PeriodSearch {
    public static void main(String[] args) throws Exception {
        Pool.run(args, pool -> {
                    var ranges = IntStream.range(0, 10)
                            .mapToObj(i -> (Callable<Double> & Serializable) () -> bestFrequency(i))
                            .toList();
                    double best = 1;
                    for (Future<Double> found : pool.asExecutorService().invokeAll(ranges)) {
                        best = power(found.get()) > power(best) ? found.get() : best;
                    }
                    return best;
                })
                .ifPresent(best -> System.out.println("period " + 1 / best + " d"));
    }

    private static double bestFrequency(int from) {
        Stream<Double> frequencies = IntStream.range(0, 1000).mapToObj(i -> from + i / 1000.0);
        return frequencies.max(Comparator.comparingDouble(PeriodSearch::power)).orElseThrow();
    }

    private static double power(double frequency) {
        DoubleStream days = new Random(1).doubles(500, 0, 100);
        return days.map(day -> Math.sin(2 * Math.PI * day / 0.7) * Math.sin(2 * Math.PI * day * frequency))
                .sum();
    }
}
