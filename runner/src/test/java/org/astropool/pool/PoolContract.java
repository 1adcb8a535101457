package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.astropool.internal.engine.EngineJournal;
import org.astropool.internal.engine.JournalledOutcomes;
import org.astropool.internal.journal.Journal;
import org.astropool.internal.journal.JournalHeader;
import org.astropool.internal.journal.Recovery;
import org.astropool.internal.journal.WriteFault;
import org.astropool.internal.model.ModelFunction;
import org.astropool.internal.model.ModelSource;
import org.astropool.task.Axis;
import org.astropool.task.BatchFunction;
import org.astropool.task.Broadcast;
import org.astropool.task.Evaluator;
import org.astropool.task.FailureKind;
import org.astropool.task.Grid;
import org.astropool.task.Model;
import org.astropool.task.ModelOptions;
import org.astropool.task.Outcome;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskContext;
import org.astropool.task.TaskFailure;
import org.astropool.task.TaskFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for a pool over any carrier. Each test ends with a healthy task: no trouble may last. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class PoolContract extends ExecutorContract {

    /** The pool under test; shared by the tests of a class. */
    @Override
    abstract Pool pool();

    @AfterEach
    void aHealthyTaskFollows() {
        assertThat(pool().map(PoolContract::square, List.of(3.0))).containsExactly(9.0);
    }

    // Here, since a worker that reads a function initializes the class that made it: one without a pool.
    static final TaskFunction<Integer, byte[]> ZEROS = byte[]::new;
    static final TaskFunction<byte[], Integer> LENGTH = bytes -> bytes.length;
    static final BatchFunction<byte[], Integer> LENGTHS =
            (inputs, results, context) -> results.done(0, inputs.get(0).length);

    private static Double square(Double x) {
        return x * x;
    }

    private static List<Integer> integers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    // ---- values ----

    @Test
    void mapGivesResultsInOrderOfTheInputs() {
        List<Integer> inputs = integers(10_000);

        assertThat(pool().map(x -> x + 1, inputs))
                .isEqualTo(inputs.stream().map(x -> x + 1).toList());
    }

    @Test
    void mapOfNothingIsEmpty() {
        assertThat(pool().map(PoolContract::square, List.of())).isEmpty();
    }

    @Test
    void nullsAreInputsAndResults() {
        List<String> inputs = Arrays.asList("a", null, "b");

        assertThat(pool().map(text -> text == null ? null : text + text, inputs))
                .containsExactly("aa", null, "bb");
        assertThat(pool().map((Integer x) -> null, integers(5)))
                .containsOnlyNulls()
                .hasSize(5);
    }

    @Test
    void mixedTypesTravel() {
        List<Object> inputs = List.of(1, 2.0, 3L, "four", Map.of("five", 5), new double[] {6});

        List<Object> results = pool().map(x -> x, inputs);

        assertThat(results.subList(0, 5)).isEqualTo(inputs.subList(0, 5));
        assertThat((double[]) results.get(5)).containsExactly(6);
    }

    @Test
    void everyBitOfANumberTravels() {
        List<Double> inputs = List.of(
                Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE, Math.nextUp(1.0), Double.MAX_VALUE);

        List<Double> results = pool().map(x -> x, inputs);

        assertThat(results.stream().map(Double::doubleToRawLongBits).toList())
                .isEqualTo(inputs.stream().map(Double::doubleToRawLongBits).toList());
    }

    @Test
    void vectorsOfDifferentLengthsTravel() {
        List<double[]> results =
                pool().map(double[]::clone, List.of(new double[] {1}, new double[] {}, new double[] {2, 3}));

        assertThat(results.get(0)).containsExactly(1);
        assertThat(results.get(1)).isEmpty();
        assertThat(results.get(2)).containsExactly(2, 3);
    }

    @Test
    void largeInputsAndResultsTravel() {
        double[] large = new double[1 << 20];
        large[12_345] = 6;

        List<double[]> results = pool().map(x -> x, List.of(large, large, large));

        assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(large));
    }

    // ---- failures are data ----

    @Test
    void everyFailureIsReportedAndEveryOtherTaskEvaluated() {
        AtomicLong done = new AtomicLong();

        assertThatThrownBy(() -> pool().map(
                                PoolContract::oddFails,
                                integers(1000),
                                CallOptions.builder()
                                        .progress(progress -> done.set(progress.done()))
                                        .build()))
                .isInstanceOfSatisfying(TasksFailedException.class, e -> {
                    assertThat(e.failures()).hasSize(500);
                    assertThat(e.failures().get(0).index()).isEqualTo(1);
                    assertThat(e.failures().get(0).failure().exception()).isEqualTo("java.lang.IllegalStateException");
                    assertThat(e.failures().get(0).failure().message()).isEqualTo("odd: 1");
                    assertThat(e.failures().get(0).failure().stackTrace()).contains("PoolContract.oddFails");
                    assertThat(e.failures().get(0).failure().host()).isNotEmpty();
                    assertThat(e).hasMessageContaining("500 of 1000 tasks failed");
                    assertThat(e.<Integer>results()).hasSize(1000).startsWith(0, null, 2, null);
                });
        assertThat(done).hasValue(1000);
    }

    private static Integer oddFails(Integer x) {
        if (x % 2 == 1) {
            throw new IllegalStateException("odd: " + x);
        }
        return x;
    }

    @Test
    void errorsAreFailuresOfTheirTask() {
        assertThat(failureOf((Integer x) -> recurse(x))).contains("StackOverflowError");
        assertThat(failureOf((Integer x) -> {
                    throw new NoClassDefFoundError("not/There");
                }))
                .contains("not/There");
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int recurse(int x) {
        return recurse(x + 1) + 1;
    }

    private static final class MuteException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Object unserializable = new Object();

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message for you, " + unserializable);
        }
    }

    @Test
    void anExceptionThatMisbehavesIsAFailureAllTheSame() {
        assertThat(failureOf((Integer x) -> {
                    throw new MuteException();
                }))
                .contains("MuteException");
    }

    private String failureOf(TaskFunction<Integer, Object> function) {
        try (Stream<Outcome<Object>> outcomes =
                pool().stream(function, List.of(1).iterator(), CallOptions.defaults())) {
            return outcomes.map(outcome ->
                            ((Outcome.Failed<Object>) outcome).failure().toString())
                    .collect(Collectors.joining());
        }
    }

    @Test
    void skippedTasksAreNoFailures() {
        try (Stream<Outcome<Integer>> outcomes = pool().stream(
                x -> {
                    throw new SkippedException("not for " + x);
                },
                List.of(7).iterator(),
                CallOptions.defaults())) {
            assertThat(outcomes)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Outcome.Skipped.class,
                            skipped -> assertThat(skipped.reason()).isEqualTo("not for 7"));
        }
    }

    // ---- serialization ----

    private static final class BadInput implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new IOException("cannot be read");
        }
    }

    @Test
    void aLambdaThatCannotBeSerializedSaysWhichVariable() {
        Thread captured = new Thread();

        assertThatThrownBy(() -> pool().map((Integer x) -> x + captured.getName(), List.of(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("captured variable 1 of 1 (java.lang.Thread)");
    }

    @Test
    void anInputThatCannotBeSerializedIsAnErrorOfTheCaller() {
        assertThatThrownBy(() -> pool().map(x -> x, Arrays.asList("good", new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object is not serializable");
    }

    @Test
    void anInputThatCannotBeDeserializedFailsItsTaskAlone() {
        try (Stream<Outcome<Integer>> outcomes = pool().stream(
                (Object x) -> 1,
                List.of("good", new BadInput(), "good").iterator(),
                CallOptions.builder().chunkSize(3).build())) {
            List<Outcome<Integer>> all = outcomes.toList();
            assertThat(all.get(0)).isInstanceOf(Outcome.Done.class);
            assertThat(((Outcome.Failed<Integer>) all.get(1)).failure().message())
                    .contains("cannot be read");
            assertThat(all.get(2)).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void aResultThatCannotBeSerializedFailsItsTaskAlone() {
        try (Stream<Outcome<Object>> outcomes = pool().stream(
                (Integer x) -> x == 1 ? new Object() : x,
                integers(3).iterator(),
                CallOptions.builder().chunkSize(3).build())) {
            List<Outcome<Object>> all = outcomes.toList();
            assertThat(((Outcome.Done<Object>) all.get(0)).result()).isEqualTo(0);
            assertThat(((Outcome.Failed<Object>) all.get(1)).failure().message())
                    .contains("java.lang.Object");
            assertThat(((Outcome.Done<Object>) all.get(2)).result()).isEqualTo(2);
        }
    }

    @Test
    void aResultThatCannotBeDeserializedFailsItsTaskAlone() {
        try (Stream<Outcome<Object>> outcomes = pool().stream(
                (Integer x) -> x == 1 ? new BadInput() : x,
                integers(3).iterator(),
                CallOptions.builder().chunkSize(3).build())) {
            List<Outcome<Object>> all = outcomes.toList();
            assertThat(((Outcome.Failed<Object>) all.get(1)).failure().message())
                    .contains("cannot be read");
            assertThat(((Outcome.Done<Object>) all.get(2)).result()).isEqualTo(2);
        }
    }

    // ---- what is handed over is taken as it is then ----

    @ParameterizedTest
    @EnumSource
    void anInputIsThatOfItsMoment(Mutable kind) throws Exception {
        TaskFunction<Object, Integer> read = kind::get;
        Object buffer = kind.make();
        List<Future<Integer>> futures = new ArrayList<>();
        Queue<Integer> taken = new ConcurrentLinkedQueue<>();
        CountDownLatch left = new CountDownLatch(200);
        ExecutorService executor = pool().asExecutorService();
        try (RemoteFunction<Object, Integer> function = pool().function(read, CallOptions.defaults())) {
            for (int i = 0; i < 200; i++) {
                kind.set(buffer, 3 * i);
                futures.add(function.submit(buffer));
                kind.set(buffer, 3 * i + 1);
                futures.add(pool().submit(read, buffer));
                kind.set(buffer, 3 * i + 2);
                futures.add(executor.submit((Callable<Integer> & Serializable) () -> kind.get(buffer)));
                kind.set(buffer, i);
                function.submit(buffer, (result, failure) -> {
                    taken.add(result == null ? -1 : result);
                    left.countDown();
                });
            }
            kind.set(buffer, -1);
            for (int i = 0; i < futures.size(); i++) {
                assertThat(futures.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i);
            }
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        }
        executor.shutdown();

        assertThat(taken).containsExactlyInAnyOrderElementsOf(integers(200));
    }

    @ParameterizedTest
    @EnumSource
    void anIteratorMayGiveTheSameObjectAgainAndAgain(Mutable kind) {
        TaskFunction<Object, Integer> read = kind::get;
        Iterable<Object> inputs = () -> integers(3000).stream().map(kind::again).iterator();

        assertThat(pool().map(read, inputs)).isEqualTo(integers(3000));
        assertThat(pool().map(
                                read,
                                inputs,
                                CallOptions.builder().costs(index -> index % 7).build()))
                .isEqualTo(integers(3000));
        assertThat(pool().map(read, inputs, CallOptions.builder().chunkSize(1).build()))
                .isEqualTo(integers(3000));
    }

    @ParameterizedTest
    @EnumSource
    void aTaskMayReturnTheSameObjectAgainAndAgain(Mutable kind) throws Exception {
        TaskFunction<Integer, Object> function = kind::again;
        for (int chunk : new int[] {0, 1, 50}) {
            List<Object> results = pool().map(
                            function,
                            integers(1000),
                            CallOptions.builder().chunkSize(chunk).build());

            assertThat(results.stream().map(kind::get).toList()).isEqualTo(integers(1000));
        }
        BatchFunction<Long, Object> batches = (indices, results, context) -> {
            for (int i = 0; i < indices.size(); i++) {
                results.done(i, kind.again((int) (long) indices.get(i)));
            }
            kind.again(-1);
        };
        for (int batch : new int[] {1, 7}) {
            try (Stream<Outcome<Object>> outcomes = pool().batches(batches, 100, batch, CallOptions.defaults())) {
                assertThat(outcomes.map(outcome -> kind.get(((Outcome.Done<Object>) outcome).result())))
                        .isEqualTo(integers(100));
            }
        }
        assertThat(kind.get(pool().submit(function, 8).get(20, TimeUnit.SECONDS)))
                .isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource
    void aBroadcastIsThatOfItsMoment(Mutable kind) {
        Object value = kind.make();
        kind.set(value, 1);
        Broadcast<Object> broadcast = pool().broadcast(value);
        kind.set(value, 2);

        assertThat(pool().map((Integer x) -> kind.get(broadcast.value()), integers(20)))
                .containsOnly(1);
        assertThat(kind.get(broadcast.value())).isEqualTo(1);
        pool().forget(broadcast);
    }

    @Test
    void aBroadcastMayBeNullAndNeedNotBeCopied() {
        Broadcast<Object> nothing = pool().broadcast(null);
        Broadcast<double[]> large = pool().broadcastUncopied(new double[] {4, 5});
        Broadcast<String> text = pool().broadcastUncopied("six");

        assertThat(pool().map((Integer x) -> nothing.value() == null, integers(3)))
                .containsOnly(true);
        assertThat(pool().map((Integer i) -> large.value()[i], integers(2))).containsExactly(4.0, 5.0);
        assertThat(pool().map((Integer i) -> text.value(), integers(1))).containsExactly("six");
    }

    @Test
    void whatAFunctionCapturesIsThatOfItsMoment() throws Exception {
        int[] captured = {1};
        try (RemoteFunction<Integer, Integer> function =
                        pool().function((Integer x) -> captured[0], CallOptions.defaults());
                Stream<Outcome<Integer>> outcomes =
                        pool().stream((Integer x) -> captured[0], integers(10).iterator(), CallOptions.defaults())) {
            captured[0] = 2;

            assertThat(function.submit(0).get(20, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(outcomes.map(outcome -> ((Outcome.Done<Integer>) outcome).result()))
                    .containsOnly(1);
        }
    }

    @Test
    void aTaskThatChangesItsInputGetsItAsItWasWhenItIsTriedAgain() {
        List<Double> results = pool().mapWithContext(
                        (double[] input, org.astropool.task.TaskContext context) -> {
                            input[0]++;
                            if (context.attempt() < 3) {
                                throw new IllegalStateException("not yet");
                            }
                            return input[0];
                        },
                        List.of(new double[] {1}, new double[] {2}),
                        CallOptions.builder().retries(2).build());

        assertThat(results).containsExactly(2.0, 3.0);
    }

    @Test
    void aBatchFunctionGetsAnInputAsOftenAsItAsks() throws Exception {
        BatchFunction<double[], Double> function = (inputs, results, context) -> {
            inputs.get(0)[0] = -1;
            results.done(0, inputs.get(0)[0]);
        };
        try (RemoteFunction<double[], Double> remote = pool().batchFunction(function, CallOptions.defaults())) {
            assertThat(remote.submit(new double[] {3}).get(20, TimeUnit.SECONDS))
                    .isEqualTo(3);
        }
    }

    @Test
    void aJournalHasResultsAsTheyWereWhateverBecomesOfThem(@TempDir Path folder) throws Exception {
        BatchFunction<Long, double[]> function =
                (indices, results, context) -> results.done(0, new double[] {indices.get(0), 1});
        try (Journal journal = Journal.create(folder.resolve("journal"), HEADER);
                Stream<Outcome<double[]>> outcomes = pool().batches(
                                function,
                                500,
                                1,
                                CallOptions.builder()
                                        .journal(EngineJournal.of(journal))
                                        .chunkSize(1)
                                        .build())) {
            outcomes.forEach(outcome -> Arrays.fill(((Outcome.Done<double[]>) outcome).result(), -1));
        }
        List<Double> written = new ArrayList<>();
        Journal.read(
                folder.resolve("journal"),
                HEADER,
                (firstTask, count, payload) -> JournalledOutcomes.<double[]>read(
                                firstTask, payload, getClass().getClassLoader())
                        .forEach(outcome -> {
                            assertThat(((Outcome.Done<double[]>) outcome).result())
                                    .containsExactly(outcome.index(), 1);
                            written.add((double) outcome.index());
                        }));

        assertThat(written).hasSize(500);
    }

    // ---- every future ends ----

    private static final TaskFunction<Integer, Integer> SHORT_SLEEP = x -> {
        TimeUnit.MILLISECONDS.sleep(20);
        return x;
    };

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyFutureOfACallThatIsStoppedEnds(boolean abandons) throws Exception {
        CancellationToken stop = new CancellationToken();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        CountDownLatch told = new CountDownLatch(100);
        try (RemoteFunction<Integer, Integer> function = pool().function(
                        SHORT_SLEEP, CallOptions.builder().cancellation(stop).build())) {
            for (int i = 0; i < 100; i++) {
                futures.add(function.submit(i));
                function.submit(i, (result, failure) -> told.countDown());
            }
            futures.get(0).get(20, TimeUnit.SECONDS);
            if (abandons) {
                stop.abandon();
            } else {
                stop.drain();
            }
            futures.add(function.submit(100));
            int evaluated = 0;
            for (int i = 0; i < futures.size(); i++) {
                try {
                    assertThat(futures.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i);
                    evaluated++;
                } catch (CancellationException e) {
                    assertThat(e).hasStackTraceContaining("its call was stopped"); // of its cause in newer JDKs
                }
            }
            assertThat(evaluated).isBetween(1, 90);
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void everyFutureOfAnExecutorThatIsShutDownEnds() throws Exception {
        ExecutorService executor = pool().asExecutorService();
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            futures.add(executor.submit((Callable<Integer> & Serializable) () -> SHORT_SLEEP.apply(1)));
        }
        executor.shutdownNow();

        assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(futures).allMatch(Future::isDone);
    }

    /** The first task is never answered, others are. */
    @Test
    void anOrderedStreamOfACallThatIsAbandonedEnds() {
        CancellationToken stop = new CancellationToken();
        TaskFunction<Integer, Integer> function = x -> {
            TimeUnit.MILLISECONDS.sleep(x == 0 ? 1500 : 1);
            return x;
        };
        Thread stopper = new Thread(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            stop.abandon();
        });
        stopper.start();

        try (Stream<Outcome<Integer>> outcomes = pool().stream(
                function,
                IntStream.range(0, MANY).iterator(),
                CallOptions.builder().cancellation(stop).chunkSize(1).build())) {
            List<Long> indices = outcomes.map(Outcome::index).toList();
            assertThat(indices).isSorted().doesNotHaveDuplicates().hasSizeLessThan(MANY);
        }
    }

    @Test
    void resultsOfAMapThatIsStoppedAreThoseOfTheirInputs() {
        for (boolean abandons : new boolean[] {false, true}) {
            CancellationToken stop = new CancellationToken();
            CallOptions options = CallOptions.builder()
                    .cancellation(stop)
                    .chunkSize(3)
                    .progress(progress -> {
                        if (abandons) {
                            stop.abandon();
                        } else {
                            stop.drain();
                        }
                    })
                    .build();

            List<Integer> results = pool().map(
                            SHORT_SLEEP,
                            integers(2000),
                            options.toBuilder().costs(index -> index % 5).build());

            assertThat(results).hasSizeLessThanOrEqualTo(2000);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i)).isIn(i, null);
            }
        }
    }

    // ---- nothing that is thrown ends a thread without an answer ----

    /** More tasks than there are threads: were one lost a task, the healthy one behind this test would find none. */
    private static final int MORE_THAN_THREADS = 6;

    private <A, R> void allFail(TaskFunction<A, R> function, List<A> inputs, String text) {
        for (int chunk : new int[] {1, inputs.size()}) {
            try (Stream<Outcome<R>> outcomes = pool().stream(
                    function,
                    inputs.iterator(),
                    CallOptions.builder().chunkSize(chunk).build())) {
                assertThat(outcomes).hasSameSizeAs(inputs).allSatisfy(outcome -> {
                    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
                    assertThat(((Outcome.Failed<R>) outcome).failure().toString())
                            .contains(text);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverATaskThrowsIsItsFailure(Misbehaviour how) throws Exception {
        String name = how.make().getClass().getName();
        allFail(
                (Integer x) -> {
                    throw how.thrown();
                },
                integers(MORE_THAN_THREADS),
                name);
        assertThatThrownBy(() -> pool().submit(
                                (Integer x) -> {
                                    throw how.thrown();
                                },
                                1)
                        .get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TaskFailedException.class)
                .hasMessageContaining(name);
    }

    /** Goes wrong while it is written, or read, at either end. */
    private record Cursed(Misbehaviour how, String when) implements Serializable {
        private static final long serialVersionUID = 1;

        private Object writeReplace() {
            if (when.equals("written")) {
                throw how.thrown();
            }
            return new Form(how, when);
        }

        private record Form(Misbehaviour how, String when) implements Serializable {
            private static final long serialVersionUID = 1;

            private Object readResolve() {
                if (when.equals("read")) {
                    throw how.thrown();
                }
                return new Cursed(how, when);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TO_STRING_OVERFLOWS", "EVERYTHING_THROWS", "OUT_OF_MEMORY", "CHECKED_AND_UNDECLARED"})
    void whateverSerializationThrowsIsAFailure(Misbehaviour how) throws Exception {
        allFail((Cursed input) -> 1, Collections.nCopies(MORE_THAN_THREADS, new Cursed(how, "read")), "deserialized");
        allFail((Integer x) -> new Cursed(how, "read"), integers(MORE_THAN_THREADS), "deserialized");
        allFail((Integer x) -> new Cursed(how, "written"), integers(MORE_THAN_THREADS), "serialize");
        Cursed captured = new Cursed(how, "read");
        allFail((Integer x) -> captured.when().length(), integers(MORE_THAN_THREADS), "deserialized");
        Broadcast<Cursed> broadcast = pool().broadcast(captured);
        allFail((Integer x) -> broadcast.value().when().length(), integers(MORE_THAN_THREADS), "deserialized");
        assertThatThrownBy(broadcast::value).isInstanceOf(IllegalStateException.class);
        pool().forget(broadcast);

        Cursed unwritable = new Cursed(how, "written");
        assertThatThrownBy(() -> pool().map(x -> x, List.of(unwritable))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool().submit(x -> x, unwritable)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool().broadcast(unwritable)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool().map((Integer x) -> unwritable.when(), List.of(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private record BadBatch(Misbehaviour how, String when) implements BatchFunction<Long, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void applyBatch(
                List<Long> inputs,
                org.astropool.task.BatchResults<Long> results,
                org.astropool.task.TaskContext context) {
            if (when.equals("apply")) {
                throw how.thrown();
            }
            results.done(0, inputs.get(0));
        }

        @Override
        public void prepare() {
            if (when.equals("prepare")) {
                throw how.thrown();
            }
        }

        @Override
        public void expect(List<Long> inputs, long firstIndex) {
            if (when.equals("expect")) {
                throw how.thrown();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TO_STRING_OVERFLOWS", "EVERYTHING_THROWS", "OUT_OF_MEMORY", "CHECKED_AND_UNDECLARED"})
    void whateverABatchFunctionThrowsIsAFailure(Misbehaviour how) {
        for (String when : List.of("prepare", "expect", "apply")) {
            for (int batch : new int[] {1, 3}) {
                if (batch == 1 || !when.equals("expect")) {
                    assertThat(outcomes(new BadBatch(how, when), MORE_THAN_THREADS, batch, CallOptions.defaults()))
                            .as("%s, batches of %d", when, batch)
                            .hasSize(MORE_THAN_THREADS)
                            .allMatch(outcome -> outcome instanceof Outcome.Failed);
                }
            }
        }
    }

    /** Goes wrong in one of its methods. */
    private record BadModel(Misbehaviour how, String where) implements Model, ModelSource, Evaluator {
        private static final long serialVersionUID = 1;

        private void at(String place) {
            if (where.equals(place)) {
                throw how.thrown();
            }
        }

        @Override
        public Model load() {
            at("load");
            return this;
        }

        @Override
        public String modelName() {
            return "bad";
        }

        @Override
        public String name() {
            return "bad";
        }

        @Override
        public String description() {
            return "goes wrong";
        }

        @Override
        public List<Parameter> parameters(ModelOptions options) {
            at("parameters");
            return List.of(new Parameter("a", "", -1, 1, ""));
        }

        @Override
        public List<Output> outputs(ModelOptions options) {
            at("outputs");
            return List.of(Output.logLikelihood());
        }

        @Override
        public boolean threadSafe(ModelOptions options) {
            at("threadSafe");
            return true;
        }

        @Override
        public Evaluator prepare(ModelOptions options) {
            at("prepare");
            return this;
        }

        @Override
        public void prepare() {
            at("prepare of the evaluator");
        }

        @Override
        public void evaluate(double[] point, OutputRow row, org.astropool.task.TaskContext context) {
            at("evaluate");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TO_STRING_OVERFLOWS", "EVERYTHING_THROWS", "OUT_OF_MEMORY", "CHECKED_AND_UNDECLARED"})
    void whateverAModelThrowsIsAFailure(Misbehaviour how) {
        Model healthy = new BadModel(how, "nowhere");
        ModelOptions options = ModelOptions.of(healthy, Map.of());
        for (String where : List.of(
                "load", "parameters", "outputs", "threadSafe", "prepare", "prepare of the evaluator", "evaluate")) {
            ModelFunction function = new ModelFunction(
                    new BadModel(how, where), options, new Grid(Axis.linear("a", 0, 1, MORE_THAN_THREADS)), Map.of());
            try (Stream<Outcome<Object>> outcomes =
                    pool().batches(function, MORE_THAN_THREADS, 1, CallOptions.defaults())) {
                assertThat(outcomes)
                        .as(where)
                        .hasSize(MORE_THAN_THREADS)
                        .allMatch(outcome -> outcome instanceof Outcome.Failed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TO_STRING_OVERFLOWS", "EVERYTHING_THROWS", "OUT_OF_MEMORY", "CHECKED_AND_UNDECLARED"})
    void whateverACallbackThrowsEndsItsCallAtMost(Misbehaviour how) throws Exception {
        CountDownLatch called = new CountDownLatch(20);
        try (RemoteFunction<Integer, Integer> function = pool().function((Integer x) -> x, CallOptions.defaults())) {
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                function.submit(i, (result, failure) -> {
                    called.countDown();
                    throw how.thrown();
                });
                futures.add(function.submit(i));
                throwBehind(futures.get(i), how);
                throwBehind(futures.get(i), how);
            }
            assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                assertThat(futures.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i);
            }
        }
        Iterator<Integer> inputs = integers(50).iterator();
        Iterable<Integer> badNext = () -> Stream.generate(() -> {
                    if (!inputs.hasNext()) {
                        throw how.thrown();
                    }
                    return inputs.next();
                })
                .iterator();
        assertThrown(how, () -> pool().map((Integer x) -> x, badNext));
        assertThrown(
                how,
                () -> pool().map(
                                (Integer x) -> x,
                                integers(50),
                                CallOptions.builder()
                                        .costs(index -> {
                                            throw how.thrown();
                                        })
                                        .build()));
        assertThrown(
                how,
                () -> pool().map(
                                (Integer x) -> x,
                                integers(50),
                                CallOptions.builder()
                                        .progress(progress -> {
                                            throw how.thrown();
                                        })
                                        .build()));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what depends on the future is of interest only while it runs
    private static void throwBehind(CompletableFuture<Integer> future, Misbehaviour how) {
        try {
            future.whenComplete((result, failure) -> {
                throw how.thrown();
            });
        } catch (Throwable t) { // where the future is complete already, CompletableFuture throws it here
            return;
        }
    }

    private static void assertThrown(Misbehaviour how, Runnable call) {
        Class<?> type = null;
        try {
            call.run();
        } catch (Throwable thrown) {
            type = thrown.getClass(); // its text may not be asked for
        }
        assertThat(type).isEqualTo(how.make().getClass());
    }

    // ---- streams ----

    @Test
    void aStreamReadsItsIteratorOnlySoFarAhead() {
        AtomicLong read = new AtomicLong();
        Iterator<Double> endless =
                Stream.generate(() -> (double) read.incrementAndGet()).iterator();

        try (Stream<Outcome<Double>> outcomes = pool().stream(PoolContract::square, endless, CallOptions.defaults())) {
            assertThat(outcomes.limit(1000)).hasSize(1000);
        }
        assertThat(read.get()).isBetween(1000L, 5_000_000L);
    }

    @Test
    void closingAStreamCancelsTheRest() {
        try (Stream<Outcome<Integer>> outcomes = pool().stream(
                (Integer x) -> {
                    TimeUnit.MILLISECONDS.sleep(10);
                    return x;
                },
                IntStream.range(0, 1_000_000).iterator(),
                CallOptions.defaults())) {
            assertThat(outcomes.findFirst()).isPresent();
        } // a million tasks would take hours; the healthy task behind this test has a minute
    }

    @Test
    void outcomesAsCompletedAreTheSameSet() {
        try (Stream<Outcome<Integer>> outcomes = pool().stream(
                (Integer x) -> x,
                integers(5000).iterator(),
                CallOptions.builder().ordered(false).build())) {
            assertThat(outcomes.map(Outcome::index).sorted())
                    .isEqualTo(LongStream.range(0, 5000).boxed().toList());
        }
    }

    @Test
    void anIteratorThatThrowsEndsItsCallAlone() {
        Iterator<Integer> broken = Stream.iterate(0, x -> x + 1)
                .peek(x -> {
                    if (x == 100) {
                        throw new IllegalStateException("no more");
                    }
                })
                .iterator();

        assertThatThrownBy(() -> pool().stream((Integer x) -> x, broken, CallOptions.defaults())
                        .count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no more");
    }

    @Test
    void interruptingTheCallerCancelsItsCall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                pool().map(
                                (Integer x) -> {
                                    TimeUnit.MILLISECONDS.sleep(5);
                                    return x;
                                },
                                integers(100_000),
                                CallOptions.builder()
                                        .progress(progress -> begun.countDown())
                                        .build());
            } catch (RuntimeException e) {
                thrown.complete(e);
            }
        });
        caller.start();
        begun.await();
        caller.interrupt();

        assertThat(thrown.get(20, TimeUnit.SECONDS))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("interrupted");
    }

    @Test
    void severalThreadsShareThePool() throws Exception {
        List<CompletableFuture<List<Integer>>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int offset = i;
            calls.add(CompletableFuture.supplyAsync(
                    () -> pool().map((Integer x) -> x + offset, integers(2000)), task -> new Thread(task).start()));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(calls.get(i).get()).hasSize(2000).first().isEqualTo(i);
        }
    }

    @Test
    void aSmallCallDoesNotWaitForALongOne() throws Exception {
        try (Stream<Outcome<Integer>> endless = pool().stream(
                (Integer x) -> {
                    TimeUnit.MILLISECONDS.sleep(2);
                    return x;
                },
                IntStream.range(0, 10_000_000).iterator(),
                CallOptions.defaults())) {
            Iterator<Outcome<Integer>> slow = endless.iterator();
            slow.next();
            assertThat(pool().map(PoolContract::square, List.of(2.0))).containsExactly(4.0);
            assertThat(slow.hasNext()).isTrue();
        }
    }

    // ---- options of a call ----

    @Test
    void attemptsAreCountedAndBounded() {
        List<Integer> attempts = pool().mapWithContext(
                        (Integer x, org.astropool.task.TaskContext context) -> {
                            if (context.attempt() < 3) {
                                throw new IllegalStateException("not yet");
                            }
                            return context.attempt();
                        },
                        integers(20),
                        CallOptions.builder().retries(2).build());

        assertThat(attempts).containsOnly(3).hasSize(20);
        assertThatThrownBy(() -> pool().map(
                                PoolContract::oddFails,
                                List.of(1),
                                CallOptions.builder().retries(4).build()))
                .isInstanceOfSatisfying(
                        TasksFailedException.class,
                        e -> assertThat(e.failures().get(0).failure().attempts())
                                .isEqualTo(5));
    }

    @Test
    void aTaskThatIsTooSlowTimesOut() {
        try (Stream<Outcome<Integer>> outcomes = pool().stream(
                (Integer x) -> {
                    if (x == 1) {
                        TimeUnit.MINUTES.sleep(5);
                    }
                    return x;
                },
                integers(3).iterator(),
                CallOptions.builder()
                        .timeout(Duration.ofMillis(200))
                        .chunkSize(3)
                        .build())) {
            List<Outcome<Integer>> all = outcomes.toList();
            assertThat(((Outcome.Failed<Integer>) all.get(1)).failure().kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(all.get(2)).isInstanceOf(Outcome.Done.class);
        }
    }

    /** The long one ends when all others have: so none of them may be stuck behind it. */
    @Test
    void noTaskWaitsForALongOneWhileASlotIsIdle(@TempDir Path folder) {
        int tasks = 200;
        int longTask = pool().slots() > 1 ? tasks / 2 : tasks - 1;
        String directory = folder.toString();
        TaskFunction<Integer, Integer> function = index -> {
            if (index == longTask) {
                awaitFiles(directory, tasks - 1);
            } else {
                LockSupport.parkNanos(1_000_000); // so long that the next task is sent ahead
                Files.createFile(Path.of(directory, String.valueOf(index)));
            }
            return index;
        };

        assertThat(pool().map(
                                function,
                                integers(tasks),
                                CallOptions.builder().chunkSize(1).build()))
                .isEqualTo(integers(tasks));
    }

    private static void awaitFiles(String directory, int count) {
        long begin = System.nanoTime();
        for (int found = 0; found < count; ) {
            String[] names = new File(directory).list();
            found = names == null ? 0 : names.length;
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(30)) {
                throw new IllegalStateException("after 30 s only " + found + " other tasks have ended");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void costsPutTheLongestFirstAndKeepTheOrderOfResults() {
        List<Long> inputs = LongStream.range(0, 200).boxed().toList();

        List<Long> results = pool().mapWithContext(
                        (Long x, org.astropool.task.TaskContext context) -> x * 1000 + context.index(),
                        inputs,
                        CallOptions.builder().costs(index -> index % 17).build());

        assertThat(results).isEqualTo(inputs.stream().map(x -> x * 1001).toList());
    }

    @Test
    void costsAreAskedByTheCallingThreadAlone() {
        Thread caller = Thread.currentThread();
        Queue<String> others = new ConcurrentLinkedQueue<>();

        pool().map(
                        (Long x) -> x,
                        LongStream.range(0, 2000).boxed().toList(),
                        CallOptions.builder()
                                .costs(index -> {
                                    if (Thread.currentThread() != caller) {
                                        others.add(Thread.currentThread().getName());
                                    }
                                    return 1 + index % 3;
                                })
                                .build());

        assertThat(others).isEmpty();
    }

    @Test
    void randomNumbersDependOnSeedAndIndexAlone() {
        List<Double> inOrder = draw(CallOptions.builder().seed(7).chunkSize(1).build());

        assertThat(draw(CallOptions.builder().seed(7).chunkSize(33).build())).isEqualTo(inOrder);
        assertThat(draw(CallOptions.builder().seed(7).costs(index -> -index).build()))
                .isEqualTo(inOrder);
        assertThat(draw(CallOptions.builder().seed(8).build())).isNotEqualTo(inOrder);
        assertThat(inOrder).doesNotHaveDuplicates();
    }

    private List<Double> draw(CallOptions options) {
        return pool().mapWithContext(
                        (Integer x, org.astropool.task.TaskContext context) ->
                                context.random().nextDouble() + context.random().nextInt(5),
                        integers(300),
                        options);
    }

    /** Whatever fails, its texts travel, are journalled and are kept: each has a limit. */
    @Test
    void longTextsOfFailuresAreCut() {
        String megabyte = "x".repeat(1 << 20);
        BatchFunction<Long, Integer> failing = (inputs, results, context) -> {
            switch (inputs.get(0).intValue()) {
                case 0 -> throw new IllegalStateException(megabyte + "end", new IllegalArgumentException(megabyte));
                case 1 -> results.failed(0, FailureKind.NOT_A_NUMBER, megabyte + "end");
                case 2 -> throw new SkippedException(megabyte + "end");
                default -> results.done(0, 1);
            }
        };
        List<Outcome<Integer>> outcomes =
                pool().batches(failing, 4, 1, CallOptions.defaults()).toList();

        for (int i = 0; i < 2; i++) {
            TaskFailure failure = ((Outcome.Failed<Integer>) outcomes.get(i)).failure();
            assertThat(failure.message())
                    .hasSizeBetween(4000, 4100)
                    .startsWith("xxx")
                    .endsWith("xend")
                    .contains(" [1044579 characters were cut here] ");
            assertThat(failure.stackTrace()).hasSizeLessThan(9100);
        }
        assertThat(((Outcome.Skipped<Integer>) outcomes.get(2)).reason()).hasSizeBetween(4000, 4100);
        assertThat(outcomes.get(3)).isInstanceOf(Outcome.Done.class);
    }

    // ---- rounds ----

    private static final BatchFunction<Double, List<Double>> NUMBERED = (inputs, results, context) -> {
        if (inputs.get(0) < 0) {
            throw new IllegalArgumentException("below 0");
        }
        results.done(
                0,
                List.of(
                        (double) context.index(),
                        inputs.get(0),
                        context.random().nextDouble()));
    };

    @Test
    void tasksOfARoundHaveTheNumbersOfTheCaller() {
        Map<Long, Outcome<List<Double>>> first = new HashMap<>();
        try (TaskRounds<Double, List<Double>> rounds =
                pool().rounds(NUMBERED, CallOptions.builder().seed(5).build())) {
            for (long round = 0; round < 20; round++) {
                long[] numbers = {10 * round + 7, 10 * round + 8, 10 * round + 2, 1000 - round};
                List<Outcome<List<Double>>> outcomes = rounds.evaluate(numbers, List.of(1.0, 2.0, -1.0, 3.0));
                assertThat(outcomes.stream().mapToLong(Outcome::index).toArray())
                        .isEqualTo(numbers);
                assertThat(outcomes.get(2)).isInstanceOf(Outcome.Failed.class);
                assertThat(((Outcome.Done<List<Double>>) outcomes.get(3)).result())
                        .startsWith((double) (1000 - round), 3.0);
                outcomes.forEach(outcome -> first.put(outcome.index(), outcome));
            }
            assertThat(rounds.evaluate(new long[0], List.of())).isEmpty();
            assertThat(rounds.evaluate(new long[] {98}, List.of(2.0)))
                    .as("again")
                    .allMatch(again -> again instanceof Outcome.Done<List<Double>> done
                            && first.get(98L) instanceof Outcome.Done<List<Double>> before
                            && done.result().equals(before.result()));
        }
    }

    /** A round may take an hour. */
    @Test
    void progressIsHeardWhileARoundGoesOn() {
        List<ProgressListener.Progress> heard = new ArrayList<>();
        BatchFunction<Long, Long> slow = (inputs, results, context) -> {
            TimeUnit.MILLISECONDS.sleep(10);
            if (inputs.get(0) < 5) {
                throw new IllegalStateException("fails");
            }
            results.done(0, inputs.get(0));
        };
        int count = 200;
        try (TaskRounds<Long, Long> rounds =
                pool().rounds(slow, CallOptions.builder().progress(heard::add).build())) {
            rounds.evaluate(
                    LongStream.range(0, count).toArray(),
                    LongStream.range(0, count).boxed().toList());
        }

        assertThat(heard).anySatisfy(progress -> {
            assertThat(progress.done()).isBetween(6L, count - 1L);
            assertThat(progress.failed()).isBetween(1L, 5L);
            assertThat(progress.total()).isEqualTo(-1);
        });
    }

    @Test
    void aRoundThatIsStoppedGivesWhatWasBegun() {
        CancellationToken stop = new CancellationToken();
        BatchFunction<Long, Long> stopping = (inputs, results, context) -> {
            TimeUnit.MILLISECONDS.sleep(5);
            results.done(0, inputs.get(0));
        };
        List<Long> inputs = LongStream.range(0, 2000).boxed().toList();
        Thread stopper = new Thread(stop::drain);
        try (TaskRounds<Long, Long> rounds =
                pool().rounds(stopping, CallOptions.builder().cancellation(stop).build())) {
            stopper.start();
            List<Outcome<Long>> outcomes =
                    rounds.evaluate(LongStream.range(0, 2000).toArray(), inputs);

            assertThat(outcomes).hasSize(2000).containsNull();
            assertThat(rounds.evaluate(new long[] {1}, List.of(1L))).containsOnlyNulls();
        }
    }

    @Test
    void aJournalHasEveryOutcomeOfARound(@TempDir Path folder) throws Exception {
        try (Journal journal = Journal.create(folder.resolve("journal"), HEADER);
                TaskRounds<Double, List<Double>> rounds = pool().rounds(
                                NUMBERED,
                                CallOptions.builder()
                                        .journal(EngineJournal.of(journal))
                                        .build())) {
            rounds.evaluate(new long[] {4, 9, 10}, List.of(1.0, 2.0, -1.0));
            rounds.evaluate(new long[] {1}, List.of(4.0));
        }
        Map<Long, Boolean> done = new TreeMap<>();
        Journal.read(
                folder.resolve("journal"),
                HEADER,
                (firstTask, count, payload) -> JournalledOutcomes.read(
                                firstTask, payload, getClass().getClassLoader())
                        .forEach(outcome -> done.put(outcome.index(), outcome instanceof Outcome.Done)));

        assertThat(done).isEqualTo(Map.of(1L, true, 4L, true, 9L, true, 10L, false));
    }

    // ---- batches ----

    private static final BatchFunction<Long, List<Long>> BATCH_OF_EACH = (indices, results, context) -> {
        for (int i = 0; i < indices.size(); i++) {
            results.done(i, List.copyOf(indices));
        }
    };

    @Test
    void batchesAreFixedBlocksOfIndices() {
        for (int chunk : new int[] {0, 1, 7, 100}) {
            try (Stream<Outcome<List<Long>>> outcomes = pool().batches(
                            BATCH_OF_EACH,
                            103,
                            10,
                            CallOptions.builder().chunkSize(chunk).build())) {
                outcomes.forEach(outcome -> {
                    long first = outcome.index() / 10 * 10;
                    assertThat(((Outcome.Done<List<Long>>) outcome).result())
                            .isEqualTo(LongStream.range(first, Math.min(103, first + 10))
                                    .boxed()
                                    .toList());
                });
            }
        }
    }

    @Test
    void aBatchThatThrowsIsEvaluatedOneByOne() {
        BatchFunction<Long, Integer> function = (indices, results, context) -> {
            if (indices.contains(5L)) {
                throw new IllegalStateException("five");
            }
            for (int i = 0; i < indices.size(); i++) {
                results.done(i, indices.size());
            }
        };
        try (Stream<Outcome<Integer>> outcomes = pool().batches(function, 12, 4, CallOptions.defaults())) {
            List<Outcome<Integer>> all = outcomes.toList();
            assertThat(((Outcome.Done<Integer>) all.get(0)).result()).isEqualTo(4);
            assertThat(((Outcome.Done<Integer>) all.get(4)).result()).isEqualTo(1);
            assertThat(((Outcome.Failed<Integer>) all.get(5)).failure().message())
                    .isEqualTo("five");
            assertThat(((Outcome.Done<Integer>) all.get(8)).result()).isEqualTo(4);
        }
    }

    @Test
    void anOutcomeThatABatchForgetsIsAFailure() {
        BatchFunction<Long, Integer> lazy = (indices, results, context) -> results.done(0, 1);

        try (Stream<Outcome<Integer>> outcomes = pool().batches(lazy, 2, 2, CallOptions.defaults())) {
            assertThat(outcomes.toList().get(1)).isInstanceOf(Outcome.Failed.class);
        }
    }

    // ---- a part of the tasks, an early end, a journal ----

    private static final int MANY = 1_000_000;

    private static final BatchFunction<Long, Long> SLOW = (indices, results, context) -> {
        for (int i = 0; i < indices.size(); i++) {
            TimeUnit.MILLISECONDS.sleep(1);
            results.done(i, 2 * indices.get(i));
        }
    };

    private List<Outcome<Long>> outcomes(
            BatchFunction<Long, Long> function, int count, int batch, CallOptions options) {
        try (Stream<Outcome<Long>> outcomes = pool().batches(
                        function,
                        count,
                        batch,
                        options.toBuilder().ordered(false).build())) {
            return outcomes.toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 1000})
    void onlyTheBatchesOfTheTasksThatAreAskedForAreEvaluated(int batch) {
        BitSet wanted = new BitSet();
        for (int task : new int[] {0, 7, 8, 9, 40, 41, 42, 43, 44, 45, 46, 47, 200, 500, 998}) {
            wanted.set(task);
        }
        wanted.set(600, 700);

        List<Outcome<Long>> outcomes = outcomes(
                (indices, results, context) -> {
                    for (int i = 0; i < indices.size(); i++) {
                        results.done(i, indices.get(0));
                    }
                },
                999,
                batch,
                CallOptions.builder().only(wanted).build());

        Set<Long> expected = wanted.stream()
                .mapToObj(task -> (long) (task / batch))
                .flatMap(unit -> LongStream.range(unit * batch, Math.min(999, (unit + 1) * batch))
                        .boxed())
                .collect(Collectors.toSet());
        assertThat(outcomes.stream().map(Outcome::index)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(((Outcome.Done<Long>) outcome).result())
                        .isEqualTo(outcome.index() / batch * batch)); // each with its whole batch
    }

    @Test
    void ofNoTasksNothingIsEvaluated() {
        assertThat(outcomes(
                        SLOW, 100, 10, CallOptions.builder().only(new BitSet()).build()))
                .isEmpty();
    }

    @Test
    void aCallThatIsDrainedEndsWithWhatWasBegun() {
        CancellationToken stop = new CancellationToken();
        CallOptions options =
                CallOptions.builder().cancellation(stop).ordered(false).build();

        try (Stream<Outcome<Long>> outcomes = pool().batches(SLOW, MANY, 4, options)) {
            List<Outcome<Long>> taken = outcomes.peek(outcome -> stop.drain()).toList();

            assertThat(taken).hasSizeBetween(4, MANY / 10).allMatch(outcome -> outcome instanceof Outcome.Done);
            assertThat(taken.size() % 4).isZero();
        }
        assertThat(outcomes(SLOW, 100, 1, options)).as("a later call").isEmpty();
    }

    @Test
    void whatCannotEndInTimeIsNotBegun() {
        CancellationToken stop = new CancellationToken();
        stop.drainWithin(Duration.ofMillis(500));

        List<Outcome<Long>> outcomes =
                outcomes(SLOW, MANY, 1, CallOptions.builder().cancellation(stop).build());

        assertThat(outcomes.size()).isBetween(1, MANY / 10);
    }

    @Test
    void aCallThatIsAbandonedEndsAlthoughATaskHangs() {
        CancellationToken stop = new CancellationToken();
        CallOptions options = CallOptions.builder()
                .cancellation(stop)
                .progress(progress -> stop.abandon())
                .build();

        List<Outcome<Long>> outcomes = outcomes(
                (indices, results, context) -> {
                    while (!context.isCancelled()) {
                        TimeUnit.MILLISECONDS.sleep(1);
                    }
                },
                MANY,
                1,
                options);

        assertThat(outcomes).isEmpty();
    }

    private static final JournalHeader HEADER = new JournalHeader("1", "contract", "none", "0", "0", MANY);

    @Test
    void aJournalHasEveryOutcome(@TempDir Path folder) throws Exception {
        List<Outcome<Long>> outcomes;
        try (Journal journal = Journal.create(folder.resolve("journal"), HEADER)) {
            outcomes = outcomes(
                    (indices, results, context) -> {
                        for (int i = 0; i < indices.size(); i++) {
                            long index = indices.get(i);
                            if (index % 10 == 3) {
                                results.failed(i, FailureKind.NOT_A_NUMBER, "three of " + index);
                            } else if (index % 10 == 4) {
                                results.skipped(i, "four");
                            } else {
                                results.done(i, index);
                            }
                        }
                    },
                    5000,
                    7,
                    CallOptions.builder().journal(EngineJournal.of(journal)).build());
        }
        List<Outcome<Long>> written = new ArrayList<>();
        Recovery recovery = Journal.read(
                folder.resolve("journal"),
                HEADER,
                (firstTask, count, payload) -> written.addAll(JournalledOutcomes.<Long>read(
                        firstTask, payload, getClass().getClassLoader())));

        assertThat(recovery.damages()).isEmpty();
        assertThat(outcomes).hasSize(5000);
        assertThat(written).containsExactlyInAnyOrderElementsOf(outcomes);
    }

    @Test
    void aJournalThatFailsFailsItsCall(@TempDir Path folder) throws Exception {
        Journal journal = Journal.create(folder.resolve("journal"), HEADER);
        journal.writeFault(new WriteFault() {
            @Override
            public int bytesBeforeDeath(long write, int bytes) {
                return 0;
            }

            @Override
            public void die() {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
        });

        assertThatThrownBy(() -> outcomes(
                        SLOW,
                        MANY,
                        4,
                        CallOptions.builder().journal(EngineJournal.of(journal)).build()))
                .isInstanceOfSatisfying(
                        PoolException.class, e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.JOURNAL))
                .hasMessageContaining("No space left on device");
        assertThatThrownBy(journal::close).isInstanceOf(IOException.class);
    }

    @Test
    void aContextMadeForATestDrawsTheNumbersOfTheTask() {
        List<Double> drawn = pool().mapWithContext(
                        (Integer input, TaskContext context) -> context.random().nextDouble(),
                        integers(3),
                        CallOptions.builder().seed(7).build());

        for (int index = 0; index < 3; index++) {
            assertThat(drawn.get(index))
                    .isEqualTo(TaskContext.of(index, 7).random().nextDouble());
        }
    }

    @Test
    void aCallThatIsRepeatedWithItsJournalEvaluatesOnlyWhatIsMissing(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("journal");
        ClassLoader loader = getClass().getClassLoader();
        BitSet firstHalf = new BitSet();
        firstHalf.set(0, 50);
        try (CallJournal journal = CallJournal.open(file, "ten times", 100, loader)) {
            assertThat(journal.missing().cardinality()).isEqualTo(100);
            outcomes(
                    TEN_TIMES,
                    100,
                    1,
                    CallOptions.builder().only(firstHalf).journal(journal).build());
        }
        try (CallJournal journal = CallJournal.open(file, "ten times", 100, loader)) {
            assertThat(journal.<Long>recovered())
                    .hasSize(50)
                    .allSatisfy(outcome -> assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Outcome.Done.class,
                                    done -> assertThat(done.result()).isEqualTo(10 * outcome.index())));
            List<Outcome<Long>> rest = outcomes(
                    TEN_TIMES,
                    100,
                    1,
                    CallOptions.builder()
                            .only(journal.missing())
                            .journal(journal)
                            .build());
            assertThat(rest).extracting(Outcome::index).hasSize(50).allMatch(index -> index >= 50);
        }
        assertThatThrownBy(() -> CallJournal.open(file, "twenty times", 100, loader))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("twenty times");
    }

    private static final BatchFunction<Long, Long> TEN_TIMES =
            (indices, results, context) -> results.done(0, 10 * indices.get(0));

    @Test
    void anOutcomeThatTheJournalCannotTakeFailsItsCallAlone(@TempDir Path folder) throws Exception {
        JournalHeader ofTen = new JournalHeader("1", "contract", "none", "0", "0", 10);
        try (Journal journal = Journal.create(folder.resolve("journal"), ofTen)) {
            assertThatThrownBy(() -> outcomes(
                            SLOW,
                            20,
                            1,
                            CallOptions.builder()
                                    .journal(EngineJournal.of(journal))
                                    .build()))
                    .isInstanceOfSatisfying(
                            PoolException.class, e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.JOURNAL))
                    .hasMessageContaining("there are 10");
        }
    }

    // ---- one by one ----

    @Test
    void futuresCarryResultsAndFailures() throws Exception {
        assertThat(pool().submit(PoolContract::square, 4.0).get(20, TimeUnit.SECONDS))
                .isEqualTo(16.0);
        assertThatThrownBy(() -> pool().submit(PoolContract::oddFails, 3).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TaskFailedException.class)
                .hasMessageContaining("odd: 3");
    }

    @Test
    void outcomesAreTakenAsTheyCome() throws Exception {
        Map<Integer, String> taken = new ConcurrentHashMap<>();
        CountDownLatch left = new CountDownLatch(200);
        try (RemoteFunction<Integer, Integer> function =
                pool().function(PoolContract::oddFails, CallOptions.defaults())) {
            for (int i = 0; i < 200; i++) {
                int input = i;
                function.submit(input, (result, failure) -> {
                    taken.put(input, failure == null ? "result " + result : failure.getMessage());
                    left.countDown();
                });
            }
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(taken)
                .hasSize(200)
                .allSatisfy((input, outcome) ->
                        assertThat(outcome).contains(input % 2 == 0 ? "result " + input : "odd: " + input));
    }

    @Test
    void whatDependsOnAFutureMayCallThePool() throws Exception {
        CompletableFuture<Double> chained = pool().submit(PoolContract::square, 2.0)
                .thenApply(four -> pool().submit(PoolContract::square, four).join());

        assertThat(chained.get(20, TimeUnit.SECONDS)).isEqualTo(16.0);
    }

    @Test
    void aFutureCancelledWhileQueuedIsNotEvaluated() throws Exception {
        int slots = pool().slots();
        try (RemoteFunction<Integer, Integer> slow = pool().function(
                        (Integer x) -> {
                            TimeUnit.MILLISECONDS.sleep(x);
                            return x;
                        },
                        CallOptions.defaults())) {
            List<CompletableFuture<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 4 * slots; i++) {
                running.add(slow.submit(100));
            }
            CompletableFuture<Integer> queued = slow.submit(100_000);
            assertThat(queued.cancel(true)).isTrue();
            assertThatThrownBy(queued::get).isInstanceOf(CancellationException.class);
            for (CompletableFuture<Integer> future : running) {
                assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo(100);
            }
            // had the cancelled one been evaluated, this would wait 100 s behind it where there is one slot
            assertThat(slow.submit(1).get(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void anExecutorServiceEvaluatesCallables() throws Exception {
        ExecutorService executor = pool().asExecutorService();
        Callable<Integer> six = (Callable<Integer> & Serializable) () -> 6;
        Callable<Integer> fails = (Callable<Integer> & Serializable) () -> {
            throw new IllegalStateException("no");
        };

        assertThat(executor.submit(six).get()).isEqualTo(6);
        List<Future<Integer>> all = executor.invokeAll(List.of(six, fails, six));
        assertThat(all.get(2).get()).isEqualTo(6);
        assertThatThrownBy(() -> all.get(1).get()).hasMessageContaining("no");
        assertThat(executor.invokeAny(List.of(fails, six))).isEqualTo(6);
        assertThatThrownBy(() -> executor.submit(() -> 1).get())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("Serializable");
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> executor.submit(six)).isInstanceOf(RejectedExecutionException.class);
    }

    // ---- workers ----

    @Test
    void aBroadcastIsReadOnceAProcess() {
        Broadcast<double[]> table = pool().broadcast(new double[] {1, 2, 3});

        assertThat(pool().map((Integer i) -> table.value()[i], integers(3))).containsExactly(1.0, 2.0, 3.0);
        List<Integer> identities = pool().map((Integer i) -> System.identityHashCode(table.value()), integers(100));
        assertThat(identities.stream().distinct().count())
                .isLessThanOrEqualTo(pool().workers().size());
        pool().forget(table);
        assertThatThrownBy(() -> pool().map((Integer i) -> table.value()[i], integers(1)))
                .hasMessageContaining("forgotten");
    }

    @Test
    void aFunctionRunsOnEveryWorker() {
        List<Outcome<Long>> outcomes =
                pool().onEveryWorker(worker -> ProcessHandle.current().pid());

        assertThat(outcomes).hasSameSizeAs(pool().workers());
        assertThat(outcomes.stream()
                        .map(outcome -> ((Outcome.Done<Long>) outcome).result())
                        .toList())
                .isEqualTo(pool().workers().stream().map(WorkerInfo::pid).toList());
    }

    @Test
    void workersCountWhatTheyEvaluated() {
        long before = pool().workers().stream().mapToLong(WorkerInfo::evaluated).sum();
        pool().map(PoolContract::square, Collections.nCopies(1000, 1.0));

        assertThat(pool().workers().stream().mapToLong(WorkerInfo::evaluated).sum())
                .isEqualTo(before + 1000);
    }
}
