package org.astropool.pool;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.astropool.internal.engine.EngineJournal;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.task.Outcome;

/** Programs that embed the pool, run by {@link MpiPoolTest} on every rank of a real MPI job. */
final class PoolPrograms {
    private PoolPrograms() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "three-runs" -> threeRuns(args);
            case "two-at-a-time" -> twoAtATime(args);
            case "throws" ->
                Pool.run(args, pool -> {
                    pool.map((Integer x) -> x, List.of(1));
                    throw new java.io.IOException("disk full on the master");
                });
            case "exits" ->
                Pool.run(args, pool -> {
                    System.exit(0);
                    return 0;
                });
            case "initializer-throws" ->
                Pool.run(
                        args,
                        PoolOptions.builder()
                                .initializer(worker -> {
                                    if (worker == 2) {
                                        throw new IllegalStateException("no licence here");
                                    }
                                    return 0;
                                })
                                .build(),
                        pool -> 0);
            case "ten-million" -> tenMillion(args);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void threeRuns(String[] args) throws Exception {
        for (int i = 0; i < 3; i++) {
            int run = i;
            Optional<Integer> sum = Pool.run(args, pool -> sum(pool, run));
            System.out.println("run " + i + " gave " + sum);
        }
    }

    private static void twoAtATime(String[] args) throws Exception {
        List<CompletableFuture<Void>> threads = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                Optional<Integer> sum = Pool.run(args, pool -> sum(pool, i));
                                sum.ifPresent(value -> System.out.println("thread " + i + " got " + value));
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        task -> new Thread(task).start()))
                .toList();
        threads.forEach(CompletableFuture::join);
        System.out.println("both returned");
    }

    private static int sum(Pool pool, int add) {
        List<Integer> inputs = IntStream.range(0, 1000).boxed().toList();
        return pool.map((Integer x) -> x + add, inputs).stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** An iterator that would not fit the heap, were it read at once; with a third argument journalled there. */
    private static void tenMillion(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        Pool.run(args, pool -> {
                    CallOptions options = CallOptions.defaults();
                    Journal journal = null;
                    if (args.length > 2) {
                        journal = Journal.create(
                                Path.of(args[2]), new JournalHeader("", "ten-million", "", "", "", count));
                        options = CallOptions.builder()
                                .journal(EngineJournal.of(journal))
                                .build();
                    }
                    Iterator<double[]> points = IntStream.range(0, count)
                            .mapToObj(i -> new double[] {i, 1, 2, 3})
                            .iterator();
                    double sum = 0;
                    try (Stream<Outcome<Double>> outcomes =
                            pool.stream((double[] point) -> point[0], points, options)) {
                        sum = outcomes.mapToDouble(outcome -> ((Outcome.Done<Double>) outcome).result())
                                .sum();
                    }
                    if (journal != null) {
                        journal.close();
                    }
                    return sum;
                })
                .ifPresent(sum -> System.out.println("sum " + sum.longValue()));
    }
}
