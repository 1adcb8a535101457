package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The contract on threads of this JVM, and what can be seen there alone. */
class ThreadPoolTest extends PoolContract {
    private static final Pool POOL = Pool.open(PoolOptions.builder()
            .listener(EVENTS)
            .carrier(CarrierKind.THREADS)
            .workers(2)
            .build());
    private static final AtomicReference<Pool> FOR_TASKS = new AtomicReference<>(POOL);

    @Override
    Pool pool() {
        return POOL;
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    @Test
    void aTaskThatCallsThePoolFailsInsteadOfHanging() {
        assertThatThrownBy(() -> POOL.map((Double x) -> FOR_TASKS.get().map(y -> y, List.of(x)), List.of(1.0)))
                .isInstanceOf(TasksFailedException.class)
                .hasMessageContaining("a task must not call the pool");
    }

    @Test
    void aHungThreadIsAbandonedAndReplaced() {
        try (Pool pool = Pool.open(
                PoolOptions.builder().carrier(CarrierKind.THREADS).workers(2).build())) {
            assertThatThrownBy(() -> pool.map(
                            ThreadPoolTest::hangWhenZero,
                            IntStream.range(0, 50).boxed().toList(),
                            CallOptions.builder()
                                    .timeout(Duration.ofMillis(100))
                                    .build()))
                    .isInstanceOfSatisfying(
                            TasksFailedException.class,
                            e -> assertThat(e.failures()).hasSize(1));
            assertThat(pool.map((Integer x) -> x, List.of(1))).containsExactly(1);
        }
    }

    @Test
    void thePoolEndsWhenEverySlotHangs() {
        try (Pool pool = Pool.open(
                PoolOptions.builder().carrier(CarrierKind.THREADS).workers(1).build())) {
            assertThatThrownBy(() -> pool.map(
                            ThreadPoolTest::hangWhenZero,
                            List.of(0, 0, 0),
                            CallOptions.builder()
                                    .timeout(Duration.ofMillis(100))
                                    .build()))
                    .isInstanceOfSatisfying(
                            PoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.WORKERS_LOST));
        }
    }

    private static Integer hangWhenZero(Integer x) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); // it ends one day, lest the JVM is busy for ever
        while (x == 0 && System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
        return x;
    }

    @Test
    void anInitializerRunsBeforeTheFirstTaskAndItsFailureIsThePools() {
        System.clearProperty("astropool.test.initialized");
        try (Pool pool = Pool.open(PoolOptions.builder()
                .carrier(CarrierKind.THREADS)
                .initializer(worker -> {
                    return System.setProperty("astropool.test.initialized", "by worker " + worker);
                })
                .build())) {
            assertThat(pool.map((Integer x) -> System.getProperty("astropool.test.initialized"), List.of(1)))
                    .containsExactly("by worker 0");
        }
        assertThatThrownBy(() -> Pool.open(PoolOptions.builder()
                        .initializer(worker -> {
                            throw new IllegalStateException("no licence");
                        })
                        .build()))
                .isInstanceOfSatisfying(
                        PoolException.class, e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.ENVIRONMENT))
                .hasMessageContaining("no licence");
    }

    @Test
    void aClosedPoolRefusesCallsAndEndsThoseUnderWay() {
        Pool pool = Pool.open(
                PoolOptions.builder().carrier(CarrierKind.THREADS).workers(1).build());
        var sleeping = pool.submit(
                (Integer x) -> {
                    TimeUnit.MINUTES.sleep(5);
                    return x;
                },
                1);
        pool.close();
        pool.close();

        assertThatThrownBy(sleeping::join).hasCauseInstanceOf(PoolException.class);
        assertThatThrownBy(() -> pool.map(x -> x, List.of(1))).isInstanceOf(PoolException.class);
    }

    @Test
    void everyFutureEndsWhenThePoolIsClosed() throws Exception {
        Pool pool = Pool.open(
                PoolOptions.builder().carrier(CarrierKind.THREADS).workers(1).build());
        CountDownLatch told = new CountDownLatch(20);
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        RemoteFunction<Integer, Integer> function = pool.function(
                (Integer x) -> {
                    TimeUnit.MINUTES.sleep(5);
                    return x;
                },
                CallOptions.defaults());
        for (int i = 0; i < 20; i++) {
            futures.add(function.submit(i));
            function.submit(i, (result, failure) -> told.countDown());
        }
        pool.close();
        futures.add(function.submit(20));

        for (CompletableFuture<Integer> future : futures) {
            assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(PoolException.class);
        }
        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** A thread of the common pool that waits for a future of ours must not need another one to be told. */
    @Test
    void futuresEndAlsoWhereEveryThreadOfTheCommonPoolWaitsForOne() throws Exception {
        CancellationToken stop = new CancellationToken();
        int waiting = 4 * ForkJoinPool.getCommonPoolParallelism() + 4;
        List<CompletableFuture<Integer>> waiters = new ArrayList<>();
        try (Pool pool = Pool.open(PoolOptions.builder()
                        .carrier(CarrierKind.THREADS)
                        .workers(1)
                        .build());
                RemoteFunction<Integer, Integer> function = pool.function(
                        (Integer x) -> {
                            TimeUnit.MINUTES.sleep(5);
                            return x;
                        },
                        CallOptions.builder().cancellation(stop).build())) {
            for (int i = 0; i < waiting; i++) {
                CompletableFuture<Integer> future = function.submit(i);
                waiters.add(CompletableFuture.supplyAsync(future::join, ForkJoinPool.commonPool()));
            }
            stop.abandon();
            for (CompletableFuture<Integer> waiter : waiters) {
                assertThatThrownBy(() -> waiter.get(20, TimeUnit.SECONDS))
                        .hasRootCauseInstanceOf(CancellationException.class);
            }
        }
    }

    @Test
    void unknownCarriersAreRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Pool.open(PoolOptions.builder()
                        .carrier(CarrierKind.of("smoke-signals"))
                        .build()))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("threads");
    }

    @Test
    void runGivesBackWhatTheProgramReturnsOrThrows() throws Exception {
        PoolOptions threads = PoolOptions.builder().carrier(CarrierKind.THREADS).build();

        assertThat(Pool.run(
                        new String[0],
                        threads,
                        pool -> pool.map((Integer x) -> x, List.of(1, 2)).size()))
                .contains(2);
        assertThatThrownBy(() -> Pool.run(new String[0], threads, pool -> {
                    throw new java.io.IOException("disk");
                }))
                .isInstanceOf(java.io.IOException.class)
                .hasMessage("disk");
    }
}
