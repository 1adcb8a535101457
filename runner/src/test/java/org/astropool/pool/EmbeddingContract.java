package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.astropool.task.Axis;
import org.astropool.task.Evaluator;
import org.astropool.task.Grid;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Outcome;
import org.astropool.task.Output;
import org.astropool.task.OutputValues;
import org.astropool.task.Parameter;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs that embed the pool build on, over any carrier: reductions, models, and class loaders. */
abstract class EmbeddingContract {

    /** The listener of every pool under test. */
    static final EventLog EVENTS = new EventLog();

    abstract Pool pool();

    @BeforeEach
    void forgetEarlierEvents() {
        EVENTS.tasks.clear();
    }

    // ---- reductions ----

    /** Sums of doubles depend on their order. */
    @Test
    void aReductionGivesTheSameBitsHoweverManyWorkersThereAre() {
        List<Integer> inputs = IntStream.range(1, 5000).boxed().toList();
        for (int blockSize : new int[] {1, 7, 1000, 5000}) {
            double expected = 0;
            for (int from = 0; from < inputs.size(); from += blockSize) {
                double block = 0.1;
                for (int input : inputs.subList(from, Math.min(inputs.size(), from + blockSize))) {
                    block += 1.0 / input;
                }
                expected = from == 0 ? block : expected - block;
            }

            double sum = pool().reduce(
                            inputs,
                            0.1,
                            (total, input) -> total + 1.0 / input,
                            (left, right) -> left - right,
                            blockSize,
                            CallOptions.defaults());

            assertThat(Double.doubleToRawLongBits(sum))
                    .as("blocks of %s", blockSize)
                    .isEqualTo(Double.doubleToRawLongBits(expected));
        }
    }

    @Test
    void ofAReductionOnlyOneResultABlockReachesTheMaster() {
        long before = evaluated();

        int sum = pool().reduce(
                        IntStream.range(0, 10_000).boxed().toList(), 0, (total, input) -> total + input, Integer::sum);

        assertThat(sum).isEqualTo(10_000 * 9_999 / 2);
        assertThat(evaluated() - before).isEqualTo(100);
    }

    private long evaluated() {
        return pool().workers().stream().mapToLong(WorkerInfo::evaluated).sum();
    }

    @Test
    void eachBlockOfAReductionHasTheIdentityToItself() {
        int[] histogram = pool().reduce(
                        IntStream.range(0, 1000).boxed().toList(),
                        new int[3],
                        (counts, input) -> {
                            if (input % 10 == 9) {
                                throw new SkippedException("every tenth");
                            }
                            counts[input % 3]++;
                            return counts;
                        },
                        (left, right) -> {
                            for (int i = 0; i < left.length; i++) {
                                left[i] += right[i];
                            }
                            return left;
                        },
                        13,
                        CallOptions.defaults());

        assertThat(IntStream.of(histogram).sum()).isEqualTo(900);
        assertThat(histogram).containsExactly(300, 300, 300);
    }

    @Test
    void aReductionOfNothingIsTheIdentityAndOneThatFailsSaysWhere() {
        assertThat(pool().reduce(List.<Integer>of(), 5, (total, input) -> total + input, Integer::sum))
                .isEqualTo(5);
        assertThatThrownBy(() -> pool().reduce(
                                List.of(1, 2, 0, 4),
                                8,
                                (total, input) -> total / input,
                                Integer::sum,
                                2,
                                CallOptions.defaults()))
                .isInstanceOfSatisfying(
                        TasksFailedException.class,
                        e -> assertThat(e.failures())
                                .singleElement()
                                .satisfies(failed -> assertThat(failed.index()).isEqualTo(1)))
                .hasMessageContaining("by zero");
        CancellationToken stop = new CancellationToken();
        stop.drain();
        assertThatThrownBy(() -> pool().reduce(
                                List.of(1, 2),
                                0,
                                (total, input) -> total + input,
                                Integer::sum,
                                1,
                                CallOptions.builder().cancellation(stop).build()))
                .isInstanceOf(CancellationException.class);
    }

    // ---- models ----

    /** With an output of each type. */
    public static final class Ellipse implements Model {
        @Override
        public String name() {
            return "ellipse";
        }

        @Override
        public String description() {
            return "a distance";
        }

        @Override
        public List<ModelOption> options() {
            return List.of(new ModelOption("power", ModelOption.Type.INTEGER, 2L, List.of(), "exponent"));
        }

        @Override
        public List<Parameter> parameters(ModelOptions options) {
            return List.of(new Parameter("x", "", -10, 10, "first"), new Parameter("y", "", -10, 10, "second"));
        }

        @Override
        public List<Output> outputs(ModelOptions options) {
            return List.of(
                    new Output("side", Output.Type.STRING, 1, "", ""),
                    Output.number("distance", "", ""),
                    new Output("point", Output.Type.DOUBLE_VECTOR, 2, "", ""),
                    new Output("label", Output.Type.STRING, 1, "", ""),
                    new Output("positive", Output.Type.BOOLEAN, 1, "", ""),
                    new Output("power", Output.Type.LONG, 1, "", ""));
        }

        @Override
        public Evaluator prepare(ModelOptions options) {
            long power = options.integer("power");
            return (point, row, context) -> {
                if (point[0] == 0) {
                    throw new SkippedException("the axis");
                }
                row.setString(0, point[0] < 0 ? "left" : "right");
                row.set(1, Math.pow(Math.abs(point[0]), power) + point[1]);
                row.setVector(2, point);
                row.setString(3, "point " + context.index());
                row.setBoolean(4, point[0] > 0);
                row.setLong(5, power);
            };
        }
    }

    @Test
    void aModelIsEvaluatedOnAGridByItsClass() {
        Grid grid = new Grid(Axis.linear("y", 0, 1, 2), Axis.linear("x", -2, 2, 3));
        List<Outcome<OutputValues>> all;
        try (Stream<Outcome<OutputValues>> outcomes =
                pool().evaluate(Ellipse.class, Map.of("power", 3), grid, CallOptions.defaults())) {
            all = outcomes.toList();
        }

        assertThat(all).extracting(Outcome::index).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(all.get(1)).isInstanceOf(Outcome.Skipped.class);
        assertThat(all.get(3)).isInstanceOfSatisfying(Outcome.Done.class, done -> {
            OutputValues values = (OutputValues) done.result();
            assertThat(values.number("distance")).isEqualTo(9);
            assertThat(values.string("side")).isEqualTo("left");
            assertThat(values.string("label")).isEqualTo("point 3");
            assertThat(values.vector("point")).containsExactly(-2, 1);
            assertThat(values.flag("positive")).isFalse();
            assertThat(values.integer("power")).isEqualTo(3);
            assertThatThrownBy(() -> values.number("power"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("LONG");
        });
    }

    @Test
    void aModelThatDoesNotFitIsRefusedBeforeItIsSent() {
        CallOptions options = CallOptions.defaults();
        Grid grid = new Grid(Axis.linear("x", 0, 1, 2), Axis.linear("y", 0, 1, 2));

        assertThatThrownBy(() -> pool().evaluate(Ellipse.class, Map.of(), new Grid(Axis.linear("x", 0, 1, 2)), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no value for the parameter \"y\"");
        assertThatThrownBy(() -> pool().evaluate(
                                Ellipse.class,
                                Map.of(),
                                new Grid(Axis.linear("x", 0, 1, 2), Axis.linear("z", 0, 1, 2)),
                                options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no parameter \"z\"");
        assertThatThrownBy(() -> pool().evaluate(Ellipse.class, Map.of("powr", 1), grid, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("powr");
        assertThatThrownBy(() -> pool().evaluate(NotPublic.class, Map.of(), grid, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("public");
    }

    private abstract static class NotPublic implements Model {}

    // ---- class loaders ----

    /** Classes that no class path has, as those of a program that was compiled in memory. */
    private static final class InMemory extends ClassLoader {
        /** What the sources need; the class path of a rank of MPJ Express does not name it. */
        private static final Path TASKS = Path.of(URI.create(TaskFunction.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));

        private final Map<String, byte[]> files = new HashMap<>();

        InMemory(Path folder, String version) throws IOException {
            super(TaskFunction.class.getClassLoader());
            Path source = Files.writeString(folder.resolve("Foreign.java"), """
                    import java.io.Serializable;
                    import java.util.concurrent.atomic.AtomicInteger;
                    public class Foreign implements org.astropool.task.TaskFunction<Integer, Object> {
                        public record Row(int number, String version) implements Serializable {}
                        public record Broken() implements Serializable {}
                        public static final class Wrong extends RuntimeException {
                            public Wrong(String message) { super(message); }
                        }
                        static class Helper {
                            static String version() { return "VERSION"; }
                        }
                        public Object apply(Integer number) throws Exception {
                            if (number < 0) {
                                throw new Wrong("below zero");
                            }
                            ClassLoader context = Thread.currentThread().getContextClassLoader();
                            if (context.loadClass("Foreign") != Foreign.class) {
                                throw new IllegalStateException("the context class loader has another class");
                            }
                            return new Row(number, Helper.version());
                        }
                    }
                    """.replace("VERSION", version));
            Path classes = folder.resolve("classes-" + version);
            int code = ToolProvider.findFirst("javac")
                    .orElseThrow()
                    .run(
                            System.out,
                            System.err,
                            "-cp",
                            TASKS.toString(),
                            "-proc:none",
                            "-d",
                            classes.toString(),
                            source.toString());
            assertThat(code).isZero();
            try (Stream<Path> compiled = Files.list(classes)) {
                for (Path file : compiled.toList()) {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = files.get(name + ".class");
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            byte[] bytes = files.get(name);
            return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
        }

        @SuppressWarnings("unchecked") // its source is above
        TaskFunction<Integer, Object> function() throws Exception {
            return (TaskFunction<Integer, Object>)
                    loadClass("Foreign").getConstructor().newInstance();
        }
    }

    @Test
    void aFunctionHasTheClassesOfItsOwnLoaderAlsoWhereAnotherHasThemToo(@TempDir Path folder) throws Exception {
        List<Object> rows = new ArrayList<>();
        for (String version : List.of("first", "second")) {
            InMemory loader = new InMemory(folder, version);

            List<Object> results =
                    pool().map(loader.function(), IntStream.range(0, 20).boxed().toList());

            assertThat(results)
                    .extracting(Object::getClass)
                    .containsOnly(loader.loadClass("Foreign$Row").asSubclass(Record.class));
            rows.add(results.get(0));
            assertThatThrownBy(() -> pool().submit(loader.function(), -1).get(20, TimeUnit.SECONDS))
                    .cause()
                    .cause()
                    .hasMessage("below zero")
                    .isInstanceOf(loader.loadClass("Foreign$Wrong"));
        }
        assertThat(rows)
                .extracting(Object::toString)
                .containsExactly("Row[number=0, version=first]", "Row[number=0, version=second]");
    }

    @Test
    void aFunctionMayCaptureAnObjectOfAnotherLoader(@TempDir Path folder) throws Exception {
        TaskFunction<Integer, Object> inner = new InMemory(folder, "captured").function();

        assertThat(pool().map((Integer x) -> inner.apply(x).toString(), List.of(3)))
                .containsExactly("Row[number=3, version=captured]");
    }

    @Test
    void aMissingClassFailsItsTaskAlone() {
        assertThat(pool().map(
                                (Integer x) -> {
                                    try {
                                        Class.forName(
                                                "org.example.Missing" + x,
                                                true,
                                                Thread.currentThread().getContextClassLoader());
                                        return "found";
                                    } catch (ClassNotFoundException e) {
                                        return "missing";
                                    }
                                },
                                List.of(1, 2, 3)))
                .containsOnly("missing");
    }

    // ---- events ----

    private void failAll(String message) {
        assertThatThrownBy(() -> pool().map(
                                (Integer x) -> {
                                    if (x == 1) {
                                        throw new IllegalStateException(message);
                                    }
                                    return x;
                                },
                                List.of(0, 1, 2),
                                CallOptions.builder().retries(1).build()))
                .isInstanceOf(TasksFailedException.class);
    }

    private static void awaitEvents(String... expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!EVENTS.tasks.containsAll(List.of(expected)) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(EVENTS.tasks).containsSubsequence(expected);
    }

    @Test
    void theListenerHearsOfWorkersAndOfTasksThatFail() {
        failAll("event of a failure");

        awaitEvents("retried 1: event of a failure", "failed 1: event of a failure");
        assertThat(EVENTS.joined)
                .containsAll(pool().workers().stream().map(WorkerInfo::pid).toList());
    }

    @Test
    void aListenerThatThrowsHearsOfWhatFollows() {
        failAll("event: " + EventLog.THROW);
        failAll("event after " + EventLog.THROW);

        awaitEvents("failed 1: event: " + EventLog.THROW, "failed 1: event after " + EventLog.THROW);
    }

    @Test
    void aListenerThatBlocksHoldsNothingUp() {
        EVENTS.gate = new CountDownLatch(1);
        failAll("event: " + EventLog.BLOCK);
        awaitEvents("retried 1: event: " + EventLog.BLOCK);

        failAll("event behind the one that blocks");

        assertThat(EVENTS.tasks).doesNotContain("failed 1: event behind the one that blocks");
        EVENTS.gate.countDown();
        awaitEvents("failed 1: event behind the one that blocks");
    }
}
