package org.astropool.examples.pool;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.astropool.pool.CallOptions;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.RemoteFunction;
import org.astropool.task.TaskFunction;

/**
 * What a task costs that returns its input, by the type of the input, on one thread of a pool and of the JDK: with
 * {@code map}, beside submit of all and then get of all, and with submit and get of one after the other on both. The
 * JDK hands over references, the pool copies.
 */
final class TypesOfValues {
    private static final int TASKS = 200_000;
    private static final int ROUNDS = 5;
    private static final int LENGTH = 8;
    private static final TaskFunction<Object, Object> SAME = value -> value;

    private TypesOfValues() {}

    /** A value of a user's own. */
    record Star(int number, double magnitude, String name) implements Serializable {}

    public static void main(String[] args) throws Exception {
        int tasks = args.length > 0 ? Integer.parseInt(args[0]) : TASKS;
        System.out.println(
                "microseconds a task\ntype            pool map  JDK all at once   ratio  pool one by one  JDK one by one   ratio");
        ExecutorService executor = Executors.newFixedThreadPool(1);
        try (Pool pool = Pool.open(PoolOptions.builder().threads(1).build());
                RemoteFunction<Object, Object> same = pool.function(SAME, CallOptions.defaults())) {
            for (Map.Entry<String, IntFunction<Object>> type : types().entrySet()) {
                List<Object> inputs =
                        IntStream.range(0, tasks).mapToObj(type.getValue()).toList();
                double[] ofPool = new double[ROUNDS];
                double[] ofJdk = new double[ROUNDS];
                double[] inTurn = new double[ROUNDS];
                double[] inTurnOfPool = new double[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) { // in turns, so that both see the same machine
                    long begin = System.nanoTime();
                    pool.map(SAME, inputs);
                    long between = System.nanoTime();
                    submitAndGet(executor, inputs);
                    ofPool[i] = (between - begin) * 1e-3 / tasks;
                    ofJdk[i] = (System.nanoTime() - between) * 1e-3 / tasks;
                    long turns = System.nanoTime();
                    List<Object> some = inputs.subList(0, Math.max(1, tasks / 10));
                    for (Object input : some) {
                        executor.submit(() -> input).get();
                    }
                    long turnsOfPool = System.nanoTime();
                    for (Object input : some) {
                        same.submit(input).get();
                    }
                    inTurn[i] = (turnsOfPool - turns) * 1e-3 / some.size();
                    inTurnOfPool[i] = (System.nanoTime() - turnsOfPool) * 1e-3 / some.size();
                }
                double pooled = median(ofPool);
                double jdk = median(ofJdk);
                double single = median(inTurn);
                double singleOfPool = median(inTurnOfPool);
                System.out.printf(
                        Locale.ROOT,
                        "%-13s %10.3f %16.3f %7.2f %16.3f %15.3f %7.2f%n",
                        type.getKey(),
                        pooled,
                        jdk,
                        pooled / jdk,
                        singleOfPool,
                        single,
                        singleOfPool / single);
            }
        } finally {
            executor.shutdown();
        }
    }

    private static void submitAndGet(ExecutorService executor, List<Object> inputs) throws Exception {
        List<Future<Object>> futures = new ArrayList<>(inputs.size());
        for (Object input : inputs) {
            futures.add(executor.submit(() -> input));
        }
        for (Future<Object> future : futures) {
            future.get();
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Map<String, IntFunction<Object>> types() {
        Map<String, IntFunction<Object>> types = new LinkedHashMap<>();
        types.put("Long", i -> (long) i);
        types.put("Double", i -> (double) i);
        types.put("Integer", i -> i);
        types.put("Float", i -> (float) i);
        types.put("Short", i -> (short) i);
        types.put("Boolean", i -> i % 2 == 0);
        types.put("String", i -> "star " + i);
        types.put("double[]", i -> new double[LENGTH]);
        types.put("float[]", i -> new float[LENGTH]);
        types.put("long[]", i -> new long[LENGTH]);
        types.put("int[]", i -> new int[LENGTH]);
        types.put("byte[]", i -> new byte[LENGTH]);
        types.put("record", i -> new Star(i, 0.5 * i, "star " + i));
        types.put("List<Integer>", i -> new ArrayList<>(List.of(i, i + 1, i + 2)));
        types.put("List<record>", i -> List.of(new Star(i, 1, "a"), new Star(i, 2, "b")));
        types.put("Map", i -> Map.of("number", i));
        return types;
    }
}
