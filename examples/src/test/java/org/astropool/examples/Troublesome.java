package org.astropool.examples;

import java.lang.reflect.Field;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.SkippedException;

/** Does at each point what the parameter {@code trouble} says, the number of a {@link Trouble}. */
public final class Troublesome implements Model {
    private static final int LOG_LIKELIHOOD = 0;
    private static final int RATIO = 1;
    private static final int VECTOR = 2;
    private static final int COUNT = 3;
    private static final int FLAG = 4;
    private static final int TEXT = 5;

    /** What can happen at a point. */
    public enum Trouble {
        NONE,
        THROWS,
        THROWS_ERROR,
        NAN,
        MINUS_INFINITY,
        PLUS_INFINITY,
        SKIPS,
        LEAVES_OUTPUTS_OUT,
        SLEEPS,
        HANGS_UNTIL_INTERRUPTED,
        HANGS_FOR_GOOD,
        /** As native code does that follows a wrong pointer. */
        RAISES_SIGSEGV,
        EXHAUSTS_THE_HEAP,
        EXITS,
        /** As somebody could from outside, if management operations were open. */
        SHUTS_HAZELCAST_DOWN
    }

    @Override
    public String name() {
        return "troublesome";
    }

    @Override
    public String description() {
        return "does what its parameter says: throws, hangs, skips, ...";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(
                new ModelOption("sleep_ms", ModelOption.Type.INTEGER, 50L, List.of(), "how long SLEEPS takes"),
                new ModelOption("above", ModelOption.Type.NUMBER, -1e9, List.of(), "no trouble where x is not above"),
                new ModelOption("fails_to_load", ModelOption.Type.BOOLEAN, false, List.of(), "throws while loading"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of(
                new Parameter("trouble", "", 0, Trouble.values().length - 1, "which trouble"),
                new Parameter("x", "Mpc", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "a number"));
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                Output.logLikelihood(),
                Output.number("ratio", "mag.s**-1", "0/0, which is a value"),
                new Output("vector", Output.Type.DOUBLE_VECTOR, 3, "km/s", "x, 2x, 3x"),
                new Output("count", Output.Type.LONG, 1, "", "more than a double holds"),
                new Output("flag", Output.Type.BOOLEAN, 1, "", "whether x is above 0"),
                new Output("text", Output.Type.STRING, 1, "", "words that a table format may trip over"));
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        if (options.flag("fails_to_load")) {
            throw new IllegalStateException("told to fail while loading");
        }
        long sleepMillis = options.integer("sleep_ms");
        double above = options.number("above");
        return (point, row, context) -> {
            evaluate(point[1], row);
            if (point[1] > above) {
                make(Trouble.values()[(int) point[0]], row, sleepMillis);
            }
        };
    }

    private static void evaluate(double x, OutputRow row) {
        row.set(LOG_LIKELIHOOD, -x * x / 2);
        row.set(RATIO, Double.NaN);
        row.setVector(VECTOR, new double[] {x, 2 * x, 3 * x});
        row.setLong(COUNT, Long.MAX_VALUE);
        row.setBoolean(FLAG, x > 0);
        row.setString(TEXT, "µ \"quoted\", " + x);
    }

    private static void make(Trouble trouble, OutputRow row, long sleepMillis) throws Exception {
        switch (trouble) {
            case NONE -> {}
            case THROWS -> throw new IllegalArgumentException("told to throw");
            case THROWS_ERROR -> throw new StackOverflowError("told to throw an error");
            case NAN -> row.set(LOG_LIKELIHOOD, Double.NaN);
            case MINUS_INFINITY -> row.set(LOG_LIKELIHOOD, Double.NEGATIVE_INFINITY);
            case PLUS_INFINITY -> row.set(LOG_LIKELIHOOD, Double.POSITIVE_INFINITY);
            case SKIPS -> throw new SkippedException("told to skip");
            case LEAVES_OUTPUTS_OUT -> row.clear();
            case SLEEPS -> TimeUnit.MILLISECONDS.sleep(sleepMillis);
            case HANGS_UNTIL_INTERRUPTED -> new CountDownLatch(1).await();
            case HANGS_FOR_GOOD -> hang();
            case RAISES_SIGSEGV -> raiseSigsegv();
            case EXHAUSTS_THE_HEAP -> exhaustTheHeap();
            case EXITS -> System.exit(0);
            case SHUTS_HAZELCAST_DOWN ->
                Class.forName("com.hazelcast.core.Hazelcast")
                        .getMethod("shutdownAll")
                        .invoke(null);
        }
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private static void hang() {
        while (true) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
    }

    /** By reflection, because the compiler warns of the class. */
    private static void raiseSigsegv() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        System.err.println("about to follow a wrong pointer");
        type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
    }

    /** In large pieces: to fill a heap in small ones takes longer than a timeout. */
    @SuppressWarnings({"InfiniteLoopStatement", "ModifiedButNotUsed"}) // it is there to be large
    private static void exhaustTheHeap() {
        System.err.println("about to exhaust the heap");
        Object[] kept = {};
        while (true) {
            kept = new Object[] {kept, new long[Integer.MAX_VALUE - 8]};
        }
    }
}
