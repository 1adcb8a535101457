package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.astropool.task.SerializableCallable;
import org.astropool.task.SerializableRunnable;
import org.astropool.task.TaskFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the documentation of the standard library says about {@link ExecutorService}, {@link ExecutorCompletionService}
 * and {@link CompletableFuture}, with a pool as the executor. Each constant of {@link Documented} is one statement.
 */
abstract class ExecutorContract extends CancellationContract {
    /** Longer than any test may take. */
    private static final int TOO_LONG_SECONDS = 300;

    static final SerializableCallable<Integer> SIX = () -> 6;
    static final SerializableCallable<Integer> SEVEN = () -> 7;
    static final SerializableCallable<Integer> FAILS = () -> {
        throw new Own("own", 42);
    };
    static final SerializableCallable<Integer> SLEEPS = () -> {
        TimeUnit.SECONDS.sleep(TOO_LONG_SECONDS);
        return 0;
    };

    /** An exception with more than a message. */
    static final class Own extends Exception {
        private static final long serialVersionUID = 1;
        final int number;

        Own(String message, int number) {
            super(message);
            this.number = number;
        }
    }

    /** An exception that cannot be sent. */
    static final class Stuck extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // on purpose
        final Object unserializable = new Object();

        Stuck() {
            super("stuck");
        }
    }

    /** An exception that cannot be read on the master, as if its class were missing there. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable() {
            super("unreadable");
        }

        @SuppressWarnings("UnusedMethod") // by deserialization
        private void readObject(ObjectInputStream in) throws ClassNotFoundException {
            throw new ClassNotFoundException("as if missing");
        }
    }

    private interface Statement {
        void check(PoolExecutorService executor) throws Exception;
    }

    /** Statements of the documentation of {@code java.util.concurrent}. */
    enum Documented {
        SUBMIT_RETURNS_A_FUTURE_OF_THE_RESULT(
                executor -> assertThat(executor.submit(SIX).get()).isEqualTo(6)),
        SUBMIT_OF_A_RUNNABLE_GIVES_NULL(executor -> assertThat(
                        executor.submit((SerializableRunnable) () -> {}).get())
                .isNull()),
        SUBMIT_OF_A_RUNNABLE_GIVES_THE_RESULT_THAT_WAS_HANDED_IN(executor -> {
            Object result = new Object(); // stays here, and need not be serializable
            assertThat(executor.submit((SerializableRunnable) () -> {}, result).get())
                    .isSameAs(result);
        }),
        CANCEL_OF_A_RUNNABLE_WITH_A_RESULT_INTERRUPTS_IT(executor -> {
            Future<String> future = executor.submit(
                    (SerializableRunnable) () -> {
                        try {
                            SLEEPS.call();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    "never");
            assertThat(future.cancel(true)).isTrue();
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }),
        THE_CAUSE_IS_THE_EXCEPTION_OF_THE_TASK(executor -> {
            Future<Integer> future = executor.submit(FAILS);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(future::get)
                        .isInstanceOf(ExecutionException.class)
                        .satisfies(thrown -> {
                            assertThat(thrown.getCause()).isInstanceOfSatisfying(Own.class, own -> {
                                assertThat(own.number).isEqualTo(42);
                                assertThat(own.getSuppressed())
                                        .singleElement()
                                        .isInstanceOfSatisfying(
                                                TaskFailedException.class,
                                                failed -> assertThat(
                                                                failed.failure().exception())
                                                        .isEqualTo(Own.class.getName()));
                            });
                        });
            }
        }),
        THE_CAUSE_IS_THE_FAILURE_WHERE_THE_EXCEPTION_CANNOT_BE_HAD(executor -> {
            SerializableCallable<Integer> stuck = () -> {
                throw new Stuck();
            };
            SerializableCallable<Integer> unreadable = () -> {
                throw new Unreadable();
            };
            for (SerializableCallable<Integer> task : List.of(stuck, unreadable)) {
                assertThatThrownBy(() -> executor.submit(task).get())
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(TaskFailedException.class)
                        .hasMessageMatching("(?s).*(stuck|unreadable).*");
            }
        }),
        GET_WITH_A_TIMEOUT_THROWS_AND_THE_TASK_GOES_ON(executor -> {
            Future<Integer> future = executor.submit(SLEEPS);
            assertThatThrownBy(() -> future.get(10, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(future.isDone()).isFalse();
            assertThat(future.cancel(true)).isTrue();
            assertThat(future.cancel(true)).as("a second time").isTrue();
            assertThat(future.isCancelled()).isTrue();
            assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        }),
        A_FUTURE_THAT_IS_DONE_CANNOT_BE_CANCELLED(executor -> {
            Future<Integer> future = executor.submit(SIX);
            future.get();
            assertThat(future.cancel(true)).isFalse();
            assertThat(future.isCancelled()).isFalse();
        }),
        INVOKE_ALL_RETURNS_FUTURES_THAT_ARE_DONE_IN_ORDER(executor -> {
            List<Future<Integer>> all = executor.invokeAll(List.of(SIX, FAILS, SEVEN));
            assertThat(all).hasSize(3).allMatch(Future::isDone);
            assertThat(all.get(0).get()).isEqualTo(6);
            assertThatThrownBy(() -> all.get(1).get()).hasCauseInstanceOf(Own.class);
            assertThat(all.get(2).get()).isEqualTo(7);
        }),
        INVOKE_ALL_WITH_A_TIMEOUT_CANCELS_WHAT_HAS_NOT_COMPLETED(executor -> {
            List<Future<Integer>> all = executor.invokeAll(List.of(SIX, SLEEPS), 2, TimeUnit.SECONDS);
            assertThat(all).hasSize(2).allMatch(Future::isDone);
            assertThat(all.get(0).get()).isEqualTo(6);
            assertThat(all.get(1).isCancelled()).isTrue();
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }),
        INVOKE_ALL_OF_NOTHING_IS_EMPTY(executor ->
                assertThat(executor.invokeAll(List.<Callable<Integer>>of())).isEmpty()),
        INVOKE_ANY_RETURNS_A_RESULT_AND_CANCELS_THE_REST(executor -> {
            assertThat(executor.invokeAny(List.of(FAILS, SIX))).isEqualTo(6);
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }),
        INVOKE_ANY_THROWS_WHEN_NO_TASK_SUCCEEDS(
                executor -> assertThatThrownBy(() -> executor.invokeAny(List.of(FAILS, FAILS)))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(Own.class)),
        INVOKE_ANY_THROWS_WHEN_THE_TIME_IS_OVER(executor -> {
            assertThatThrownBy(() -> executor.invokeAny(List.of(SLEEPS), 10, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS))
                    .as("the task was interrupted")
                    .isTrue();
        }),
        INVOKE_ANY_OF_NOTHING_IS_REFUSED(executor -> assertThatThrownBy(
                        () -> executor.invokeAny(List.<Callable<Integer>>of()))
                .isInstanceOf(IllegalArgumentException.class)),
        NULL_IS_REFUSED(executor -> {
            assertThatThrownBy(() -> executor.submit((Callable<Integer>) null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> executor.submit((Runnable) null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> executor.execute((Runnable) null)).isInstanceOf(NullPointerException.class);
        }),
        AFTER_SHUTDOWN_TASKS_ARE_REFUSED_AND_EARLIER_ONES_END(executor -> {
            Future<Integer> earlier = executor.submit(SIX);
            executor.shutdown();
            executor.shutdown();
            assertThat(executor.isShutdown()).isTrue();
            assertThatThrownBy(() -> executor.submit(SIX)).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> executor.execute((SerializableRunnable) () -> {}))
                    .isInstanceOf(RejectedExecutionException.class);
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            assertThat(executor.isTerminated()).isTrue();
            assertThat(earlier.get()).isEqualTo(6);
        }),
        WITHOUT_SHUTDOWN_IT_DOES_NOT_TERMINATE(executor -> {
            assertThat(executor.awaitTermination(10, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(executor.isTerminated()).isFalse();
            assertThat(executor.isShutdown()).isFalse();
        }),
        A_COMPLETION_SERVICE_GIVES_FUTURES_AS_THEY_COMPLETE(executor -> {
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(executor);
            List<Future<Integer>> submitted = new ArrayList<>();
            Future<Integer> never = service.submit(SLEEPS);
            submitted.add(never);
            for (int i = 0; i < 20; i++) {
                int number = i;
                submitted.add(service.submit((SerializableCallable<Integer>) () -> number));
            }
            submitted.add(service.submit((SerializableRunnable) () -> {}, 20));
            never.cancel(true);
            Set<Integer> results = new HashSet<>();
            for (int i = 0; i < 22; i++) {
                Future<Integer> next = service.poll(30, TimeUnit.SECONDS);
                assertThat(submitted.removeIf(one -> one == next))
                        .as("the same object as submit() returned")
                        .isTrue();
                assertThat(next.isDone()).isTrue();
                if (next == never) {
                    assertThat(next.isCancelled()).isTrue();
                } else {
                    results.add(next.get());
                }
            }
            assertThat(results).hasSize(21);
            assertThat(service.poll()).isNull();
        }),
        A_COMPLETION_SERVICE_GIVES_FAILURES(executor -> {
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(executor);
            service.submit(FAILS);
            assertThatThrownBy(() -> service.take().get()).hasCauseInstanceOf(Own.class);
        }),
        SUPPLY_ASYNC_IS_EVALUATED_BY_THE_EXECUTOR(executor -> {
            CompletableFuture<Long> future = CompletableFuture.supplyAsync(
                    (Supplier<Long> & Serializable)
                            () -> ProcessHandle.current().pid(),
                    executor);
            assertThat(future.thenApply(pid -> pid + 1).get(30, TimeUnit.SECONDS))
                    .isPositive();
        }),
        RUN_ASYNC_COMPLETES_WITH_NULL(
                executor -> assertThat(CompletableFuture.runAsync((SerializableRunnable) () -> {}, executor)
                                .get(30, TimeUnit.SECONDS))
                        .isNull()),
        SUPPLY_ASYNC_COMPLETES_WITH_THE_EXCEPTION_OF_THE_SUPPLIER(executor -> {
            CompletableFuture<Integer> future = CompletableFuture.supplyAsync(
                    (Supplier<Integer> & Serializable) () -> {
                        throw new IllegalStateException("supplied");
                    },
                    executor);
            assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("supplied");
            assertThatThrownBy(future::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }),
        DEPENDENT_STAGES_ARE_EVALUATED_BY_THE_EXECUTOR(executor -> {
            CompletableFuture<Integer> future = CompletableFuture.supplyAsync(
                            (Supplier<Integer> & Serializable) () -> 20, executor)
                    .thenApplyAsync((Function<Integer, Integer> & Serializable) x -> x + 1, executor)
                    .thenApplyAsync((Function<Integer, Integer> & Serializable) x -> 2 * x, executor);
            assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo(42);
        }),
        SUPPLY_ASYNC_THAT_TIMES_OUT_IS_INTERRUPTED(executor -> {
            CompletableFuture<Integer> future = CompletableFuture.supplyAsync(
                            (Supplier<Integer> & Serializable) () -> {
                                try {
                                    return SLEEPS.call();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            },
                            executor)
                    .orTimeout(20, TimeUnit.MILLISECONDS);
            assertThatThrownBy(future::get).hasCauseInstanceOf(TimeoutException.class);
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        });

        private final Statement statement;

        Documented(Statement statement) {
            this.statement = statement;
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorServiceDoesWhatIsDocumented(Documented documented) throws Exception {
        PoolExecutorService executor = pool().asExecutorService();
        try {
            documented.statement.check(executor);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void lambdasForTheExecutorOfAPoolAreSerializable() throws Exception {
        PoolExecutorService executor = pool().asExecutorService();
        int captured = 5;

        assertThat(executor.submit(() -> captured + 1).get()).isEqualTo(6);
        assertThat(executor.submit(() -> {}).get()).isNull();
        assertThat(executor.submit(() -> {}, "done").get()).isEqualTo("done");
        executor.execute(() -> {});
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatCannotBeSentIsRefusedWithWhatToWrite() {
        ExecutorService executor = pool().asExecutorService();
        Object unserializable = new Object();

        assertThatThrownBy(() -> executor.submit(() -> 1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("(Callable<T> & Serializable) () -> ...")
                .hasMessageContaining("PoolExecutorService");
        assertThatThrownBy(() -> executor.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("(Runnable & Serializable) () -> ...");
        assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> 1, executor))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("(Supplier<T> & Serializable) () -> ...");
        assertThatThrownBy(
                        () -> executor.submit((Callable<String> & Serializable) () -> "" + unserializable.hashCode()))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("captured variable 1 of 1")
                .hasMessageNotContaining("() -> ...");
        executor.shutdown();
    }

    @Test
    void submittedTasksHaveTheOptionsOfTheirCall() throws Exception {
        CallOptions timeout =
                CallOptions.builder().timeout(Duration.ofMillis(50)).build();
        PoolExecutorService executor = pool().asExecutorService(timeout);
        List<Future<?>> late = new ArrayList<>();
        late.add(executor.submit(SLEEPS));
        late.add(pool().submit((Integer x) -> SLEEPS.call(), 1, timeout));
        executor.shutdown();

        for (Future<?> future : late) {
            assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("took longer than the timeout");
        }
        CallOptions seeded = CallOptions.builder().seed(5).build();
        List<CompletableFuture<Long>> draws = Stream.of(1, 2)
                .map(i -> pool().submitWithContext(
                                (Integer x, org.astropool.task.TaskContext context) ->
                                        context.random().nextLong(),
                                i,
                                seeded))
                .toList();
        assertThat(draws.get(0).get()).isEqualTo(draws.get(1).get());
    }

    @Test
    void theFailureOfASubmittedTaskHasItsExceptionAsTheCause() {
        assertThatThrownBy(() -> pool().submit((Integer x) -> FAILS.call(), 1).get())
                .cause()
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(Own.class);
    }

    @Test
    void optionsThatDoNotApplyToSingleTasksAreRefused() throws Exception {
        TaskFunction<Integer, Integer> function = x -> x;
        CallJournal journal = CallJournal.open(
                signs.resolve("refused.journal"), "a journal", 1, ExecutorContract.class.getClassLoader());
        journal.close();
        List<CallOptions> refused = List.of(
                CallOptions.builder().progress(progress -> {}).build(),
                CallOptions.builder().journal(journal).build(),
                CallOptions.builder().costs(i -> 1).build(),
                CallOptions.builder().only(new java.util.BitSet()).build());

        for (CallOptions options : refused) {
            assertThatThrownBy(() -> pool().function(function, options))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("does not apply to tasks that are submitted one by one");
            assertThatThrownBy(() -> pool().asExecutorService(options)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pool().submit(function, 1, options)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
