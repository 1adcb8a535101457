package org.astropool.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CommunicationThreadTest {
    private final CommunicationThread thread = new CommunicationThread("test", false);

    /** Does nothing unless a test says more. */
    private static class IdleAgent implements Agent {
        final CompletableFuture<Throwable> failure = new CompletableFuture<>();

        @Override
        public int doWork(long nowNanos) {
            return 0;
        }

        @Override
        public Urgency urgency() {
            return Urgency.LOW;
        }

        @Override
        public void failed(Throwable cause) {
            failure.complete(cause);
        }
    }

    @BeforeEach
    void start() {
        thread.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        thread.stop();
        assertThat(thread.join(10_000)).isTrue();
    }

    @Test
    void noWakeUpIsLost() throws Exception {
        AtomicInteger wanted = new AtomicInteger();
        CyclicBarrier done = new CyclicBarrier(2);
        thread.add(new IdleAgent() {
            private int seen;

            @Override
            public int doWork(long nowNanos) {
                if (seen == wanted.get()) {
                    return 0;
                }
                seen = wanted.get();
                await(done);
                return 1;
            }
        });
        // A lost one costs a tenth of a second: all of them would run into the time limit.
        for (int i = 0; i < 2000; i++) {
            wanted.incrementAndGet();
            thread.wakeUp();
            await(done);
        }
        assertThat(wanted).hasValue(2000);
    }

    @Test
    void anAgentThatThrowsIsToldAndTheOthersGoOn() throws Exception {
        AssertionError thrown = new AssertionError("an error, not an exception");
        IdleAgent bad = new IdleAgent() {
            @Override
            public int doWork(long nowNanos) {
                throw thrown;
            }
        };
        CompletableFuture<Boolean> runOfTheOther = new CompletableFuture<>();
        thread.add(bad);
        assertThat(bad.failure.get(10, TimeUnit.SECONDS)).isSameAs(thrown);
        thread.add(new IdleAgent() {
            @Override
            public int doWork(long nowNanos) {
                return runOfTheOther.complete(thread.isCurrent()) ? 1 : 0;
            }
        });
        assertThat(runOfTheOther.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void allAgentsAreToldWhenTheThreadItselfFails() throws Exception {
        AssertionError thrown = new AssertionError("asked for its urgency");
        IdleAgent bad = new IdleAgent() {
            @Override
            public Urgency urgency() {
                throw thrown;
            }
        };
        IdleAgent other = new IdleAgent();
        thread.add(other);
        thread.add(bad);
        assertThat(other.failure.get(10, TimeUnit.SECONDS)).isSameAs(thrown);
        assertThat(bad.failure.get(10, TimeUnit.SECONDS)).isSameAs(thrown);
    }

    @Test
    void aCallerDoesItsWorkItselfWhileTheThreadIsParked() {
        AtomicReference<Thread> runner = new AtomicReference<>();
        thread.allowCallerRuns();
        thread.add(new IdleAgent() {
            @Override
            public int doWork(long nowNanos) {
                assertThat(thread.isCurrent()).isTrue();
                runner.set(Thread.currentThread());
                return 0;
            }
        });
        while (runner.get() != Thread.currentThread()) { // or the time limit ends it
            thread.wakeUp();
        }
        assertThat(thread.isCurrent()).isFalse();
    }

    @Test
    void anActionAfterTheWorkIsTakenByItsRunnerWhichIsTheRunnerNoMore() throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        thread.allowCallerRuns();
        thread.add(new IdleAgent() {
            @Override
            public int doWork(long nowNanos) {
                Thread runner = Thread.currentThread();
                thread.runAfterWork(() -> {
                    throw new AssertionError("which must not prevent anything else");
                });
                thread.runAfterWork(() ->
                        done.complete(runner == Thread.currentThread() && (thread.isItself() || !thread.isCurrent())));
                return 0;
            }
        });
        thread.wakeUp();
        assertThat(done.get(10, TimeUnit.SECONDS)).isTrue();
        thread.wakeUp(); // does not throw
    }

    @Test
    void oneThreadAtATimeDoesTheWorkAndNoneIsMissed() throws Exception {
        int callers = 4;
        int calls = 20_000;
        AtomicInteger wanted = new AtomicInteger();
        AtomicBoolean isRunning = new AtomicBoolean();
        CompletableFuture<Integer> all = new CompletableFuture<>();
        thread.allowCallerRuns();
        thread.add(new IdleAgent() {
            private int taken; // by whichever thread is the runner

            @Override
            public int doWork(long nowNanos) {
                assertThat(isRunning.compareAndSet(false, true)).isTrue();
                int now = wanted.getAndSet(0);
                taken += now;
                if (taken == callers * calls) {
                    all.complete(taken);
                }
                isRunning.set(false);
                return now;
            }

            @Override
            public void failed(Throwable cause) {
                all.completeExceptionally(cause);
            }
        });
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            threads.add(new Thread(() -> {
                for (int call = 0; call < calls; call++) {
                    wanted.incrementAndGet();
                    thread.wakeUp();
                }
            }));
        }
        threads.forEach(Thread::start);
        // The last one that is lost would wait for the next tick, in a tenth of a second.
        assertThat(all.get(30, TimeUnit.SECONDS)).isEqualTo(callers * calls);
        for (Thread caller : threads) {
            caller.join();
        }
    }

    @Test
    void aWaitingCallerDoesTheWorkInPlaceOfAThreadThatWouldSpin() throws Exception {
        CommunicationThread polling = new CommunicationThread("polling", true);
        polling.allowCallerRuns();
        AtomicReference<Thread> runner = new AtomicReference<>();
        AtomicLong runs = new AtomicLong();
        polling.add(new IdleAgent() {
            @Override
            public int doWork(long nowNanos) {
                runner.set(Thread.currentThread());
                runs.incrementAndGet();
                return 1; // so the thread spins
            }

            @Override
            public Urgency urgency() {
                return Urgency.HIGH;
            }
        });
        polling.start();
        try {
            AtomicBoolean hasRun = new AtomicBoolean();
            while (!hasRun.get()) { // its first runs are done by itself; or the time limit ends it
                polling.doWorkUntil(
                        () -> {
                            hasRun.compareAndSet(false, runner.get() == Thread.currentThread());
                            return hasRun.get();
                        },
                        Long.MAX_VALUE);
            }
            long seen = runs.get();
            while (runs.get() == seen || runner.get() == Thread.currentThread()) { // or the time limit ends it
                Thread.onSpinWait();
            }
        } finally {
            polling.stop();
            assertThat(polling.join(10_000)).isTrue();
        }
    }

    /** Its looks would take a tenth of a core from programs that use all of them. */
    @Test
    void aThreadOfTheLowestUrgencyLooksRarely() throws Exception {
        CommunicationThread polling = new CommunicationThread("test", true);
        int looks = 100;
        CountDownLatch looked = new CountDownLatch(looks);
        polling.add(new IdleAgent() {
            @Override
            public int doWork(long nowNanos) {
                looked.countDown();
                return 0;
            }

            @Override
            public Urgency urgency() {
                return Urgency.LOWEST;
            }
        });
        polling.add(new IdleAgent() {
            @Override
            public Urgency urgency() {
                return Urgency.HIGH;
            }
        });
        long begin = System.nanoTime();
        polling.start();
        try {
            looked.await();
            assertThat(System.nanoTime() - begin).isGreaterThan((looks - 10) * 2_000_000L);
        } finally {
            polling.stop();
            assertThat(polling.join(10_000)).isTrue();
        }
    }

    @Test
    void aWaitingCallerDoesNoWorkWhereTheThreadWouldPark() {
        AtomicInteger asked = new AtomicInteger();
        thread.allowCallerRuns();
        thread.add(new IdleAgent());
        thread.doWorkUntil(() -> asked.incrementAndGet() < 0, Long.MAX_VALUE); // would never be over
        assertThat(asked).hasValueLessThan(2);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
