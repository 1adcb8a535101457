package org.astropool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.astropool.task.ContextFunction;
import org.astropool.task.Outcome;
import org.astropool.task.SerializableCallable;
import org.astropool.task.TaskFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cancellation does to tasks that have begun, over any carrier. Tasks tell by files what happens to them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class CancellationContract extends EmbeddingContract {
    /** Longer than any test may take. */
    private static final long TOO_LONG_SECONDS = 300;

    /** Sleeps, in a folder; longer than any test waits for a slot. */
    static final TaskFunction<String, String> SLEEP = CancellationContract::sleep;

    static final ContextFunction<String, String> SLEEP_IN_CONTEXT = (folder, context) -> {
        tell(folder, "begun");
        while (!context.isCancelled()) {
            LockSupport.parkNanos(1_000_000);
        }
        tell(folder, "interrupted");
        return folder;
    };

    private static final TaskFunction<String, Boolean> WAIT_FOR_A_FILE = folder -> {
        tell(folder, "begun");
        while (!Files.exists(Path.of(folder, "go"))) {
            LockSupport.parkNanos(1_000_000);
            if (Thread.interrupted()) {
                tell(folder, "interrupted");
            }
        }
        tell(folder, "ended");
        return true;
    };

    @TempDir
    Path signs;

    private String name = "";

    @Override
    abstract Pool pool();

    @BeforeEach
    void nameOfTheFolder() {
        name = signs.toString();
    }

    private static String sleep(String folder) {
        tell(folder, "begun");
        try {
            TimeUnit.SECONDS.sleep(TOO_LONG_SECONDS);
        } catch (InterruptedException e) {
            tell(folder, "interrupted");
        }
        return folder;
    }

    /** A file for each call, so that they can be counted. */
    private static void tell(String folder, String what) {
        try {
            Files.createTempFile(Path.of(folder), what, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int told(String what) {
        try (Stream<Path> files = Files.list(signs)) {
            return (int) files.filter(file -> file.getFileName().toString().startsWith(what))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(30));
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Each slot has something to do again, which it could not if a cancelled task still occupied it. */
    private void assertEverySlotIsFree() {
        // A task that was on its way to its worker may begin only now, and is interrupted then.
        await(() -> told("interrupted") == told("begun"));
        String free = "free-" + System.nanoTime();
        int slots = pool().slots();
        String here = name;
        TaskFunction<Integer, Integer> meet = i -> {
            tell(here, free);
            while (told(here, free) < slots) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
            return i;
        };
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < slots; i++) {
            all.add(pool().submit(meet, i));
        }
        assertThat(all)
                .allSatisfy(
                        future -> assertThat(future.get(30, TimeUnit.SECONDS)).isNotNull());
        assertThat(told("interrupted")).isEqualTo(told("begun"));
    }

    private static long told(String folder, String what) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith(what))
                    .count();
        }
    }

    @Test
    void cancellingAFutureInterruptsItsTask() {
        List<CompletableFuture<String>> futures = new ArrayList<>();
        for (int i = 0; i < pool().slots(); i++) {
            futures.add(pool().submit(SLEEP, name));
        }
        await(() -> told("begun") == pool().slots());
        futures.forEach(future -> assertThat(future.cancel(true)).isTrue());

        await(() -> told("interrupted") == pool().slots());
        assertThat(futures).allMatch(CompletableFuture::isCancelled);
        assertEverySlotIsFree();
    }

    @Test
    void cancellingOneTaskOfAFunctionLeavesTheOthersAlone() throws Exception {
        try (RemoteFunction<String, Boolean> waiting = pool().function(WAIT_FOR_A_FILE, CallOptions.defaults());
                RemoteFunction<String, String> sleeping =
                        pool().function(SLEEP, CallOptions.builder().retries(2).build())) {
            CompletableFuture<String> cancelled = sleeping.submit(name);
            await(() -> told("begun") == 1);
            List<CompletableFuture<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                others.add(waiting.submit(name));
            }
            CompletableFuture<String> behind = sleeping.submit(name);
            behind.cancel(true);
            cancelled.cancel(true);
            Files.createFile(signs.resolve("go"));

            for (CompletableFuture<Boolean> other : others) {
                assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();
            }
            await(() -> told("interrupted") == 1);
            assertThat(told("begun"))
                    .as("a task that was interrupted is not tried again")
                    .isEqualTo(4);
        }
    }

    @Test
    void cancellingWithoutInterruptingLetsTheTaskEnd() throws Exception {
        CompletableFuture<Boolean> future = pool().submit(WAIT_FOR_A_FILE, name);
        await(() -> told("begun") == 1);
        assertThat(future.cancel(false)).isTrue();
        if (pool().slots() > 1) { // goes to the workers behind the cancellation
            assertThat(pool().submit((Integer x) -> x, 1).join()).isEqualTo(1);
        }
        Files.createFile(signs.resolve("go"));

        await(() -> told("ended") == 1);
        assertThat(told("interrupted")).isZero();
        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void theContextOfASubmittedTaskSaysThatItWasCancelled() {
        CompletableFuture<String> one = pool().submitWithContext(SLEEP_IN_CONTEXT, name, CallOptions.defaults());
        await(() -> told("begun") == 1);
        one.cancel(false);
        await(() -> told("interrupted") == 1);

        try (RemoteFunction<String, String> function =
                pool().functionWithContext(SLEEP_IN_CONTEXT, CallOptions.defaults())) {
            CompletableFuture<String> two = function.submit(name);
            await(() -> told("begun") == 2);
            two.cancel(true);
            await(() -> told("interrupted") == 2);
        }
        assertEverySlotIsFree();
    }

    @Test
    void aFutureThatTimesOutInterruptsItsTaskAndWithdrawsWhatIsQueued() {
        int all = pool().slots() + 50;
        List<CompletableFuture<String>> futures = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            futures.add(pool().submit(SLEEP, name));
        }
        await(() -> told("begun") == pool().slots());
        futures.forEach(future -> future.orTimeout(1, TimeUnit.MILLISECONDS));

        futures.forEach(future -> assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class));
        await(() -> told("interrupted") == told("begun"));
        assertEverySlotIsFree();
    }

    @Test
    void aFutureThatGetsItsValueElsewhereInterruptsItsTask() {
        CompletableFuture<String> completed = pool().submit(SLEEP, name);
        await(() -> told("begun") == 1);
        assertThat(completed.complete("here")).isTrue();
        await(() -> told("interrupted") == 1);

        CompletableFuture<String> late = pool().submit(SLEEP, name);
        await(() -> told("begun") == 2);
        late.completeOnTimeout("late", 1, TimeUnit.MILLISECONDS);
        await(() -> told("interrupted") == 2);

        CompletableFuture<String> supplied = pool().submit(SLEEP, name);
        await(() -> told("begun") == 3);
        supplied.completeAsync(() -> "supplied");
        await(() -> told("interrupted") == 3);

        assertThat(List.of(completed.join(), late.join(), supplied.join())).containsExactly("here", "late", "supplied");
        assertEverySlotIsFree();
    }

    @Test
    void closingAStreamInterruptsItsTasks() {
        Iterator<String> inputs = Stream.concat(
                        Stream.of(""), Stream.generate(() -> name).limit(1000))
                .iterator();
        TaskFunction<String, String> sleepUnlessEmpty = here -> here.isEmpty() ? here : sleep(here);
        try (Stream<Outcome<String>> outcomes = pool().stream(
                sleepUnlessEmpty, inputs, CallOptions.builder().ordered(false).build())) {
            assertThat(outcomes.iterator().next().index()).isZero();
            await(() -> told("begun") > 0);
        }

        await(() -> told("interrupted") == told("begun"));
        assertEverySlotIsFree();
    }

    @Test
    void anAbandonedTokenInterruptsTheTasksOfItsCalls() {
        CancellationToken stop = new CancellationToken();
        CompletableFuture<String> future = pool().submit(
                        SLEEP, name, CallOptions.builder().cancellation(stop).build());
        await(() -> told("begun") == 1);
        stop.abandon();

        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
        await(() -> told("interrupted") == 1);
        assertEverySlotIsFree();
    }

    @Test
    void anExecutorThatIsShutDownNowInterruptsItsTasks() throws Exception {
        PoolExecutorService executor = pool().asExecutorService();
        String here = name;
        List<Future<String>> futures = new ArrayList<>();
        SerializableCallable<String> task = () -> sleep(here);
        for (int i = 0; i < pool().slots() + 50; i++) {
            futures.add(executor.submit(task));
        }
        await(() -> told("begun") == pool().slots());
        assertThat(executor.shutdownNow()).isEmpty();

        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(told("interrupted")).isEqualTo(told("begun"));
        assertThat(futures).allMatch(Future::isCancelled);
        assertEverySlotIsFree();
    }

    @Test
    void anExecutorHasNotTerminatedWhileACancelledTaskStillRuns() throws Exception {
        PoolExecutorService executor = pool().asExecutorService();
        String here = name;
        Future<Boolean> deaf = executor.submit((SerializableCallable<Boolean>) () -> WAIT_FOR_A_FILE.apply(here));
        await(() -> told("begun") == 1);
        executor.shutdownNow();

        await(() -> told("interrupted") == 1);
        assertThat(deaf.isDone()).isTrue();
        assertThat(executor.awaitTermination(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(executor.isTerminated()).isFalse();
        Files.createFile(signs.resolve("go"));
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(told("ended")).isEqualTo(1);
    }

    @Test
    void aTimeoutStillAppliesToATaskThatWasCancelled() {
        TaskFunction<String, String> deafFor = here -> {
            long begin = System.nanoTime();
            tell(here, "begun");
            boolean wasInterrupted = false;
            while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(300)) {
                LockSupport.parkNanos(1_000_000);
                wasInterrupted |= Thread.interrupted();
            }
            tell(here, wasInterrupted ? "interrupted" : "undisturbed");
            return here;
        };
        CompletableFuture<String> future = pool().submit(
                        deafFor,
                        name,
                        CallOptions.builder().timeout(Duration.ofMillis(100)).build());
        await(() -> told("begun") == 1);
        future.cancel(true);

        await(() -> told("interrupted") == 1);
        assertEverySlotIsFree();
    }

    /** An interrupt that is late must not reach another task of the same chunk. */
    @Test
    void tasksThatAreNotCancelledSeeNoInterrupt() {
        TaskFunction<Integer, Boolean> isInterrupted = x -> {
            for (int i = 0; i < 200; i++) {
                Thread.onSpinWait();
            }
            return Thread.currentThread().isInterrupted();
        };
        List<CompletableFuture<Boolean>> kept = new ArrayList<>();
        try (RemoteFunction<Integer, Boolean> function = pool().function(isInterrupted, CallOptions.defaults())) {
            for (int i = 0; i < 3000; i++) {
                CompletableFuture<Boolean> future = function.submit(i);
                if (i % 3 == 0) {
                    future.cancel(true);
                } else {
                    kept.add(future);
                }
            }
        }
        assertThat(kept)
                .allSatisfy(
                        future -> assertThat(future.get(30, TimeUnit.SECONDS)).isFalse());
    }
}
