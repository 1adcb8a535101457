package org.astropool.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many threads use one communication thread at random, in rounds: between two rounds nothing is left to do, so that no
 * later wake-up makes up for one that was lost. A failure names the seed.
 */
final class CommunicationThreadStressTest {
    private static final int CALLERS = 4;
    private static final int ROUNDS = 5_000;
    private static final int SPINS_A_YIELD = 200;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger arrived = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void everyCommandRunsOnceAndInOrderAndNoWakeUpIsLost(boolean mustPoll, boolean callerRuns) throws Exception {
        long seed = System.nanoTime();
        // Where the carrier wakes the thread, it parks for an hour: after a lost wake-up, the test runs into its limit.
        CommunicationThread thread = new CommunicationThread("stressed", mustPoll, TimeUnit.HOURS.toNanos(1));
        if (callerRuns) {
            thread.allowCallerRuns();
        }
        Commands commands = new Commands(thread, new Random(seed - 1));
        thread.add(commands);
        thread.start();
        List<Caller> callers = new ArrayList<>();
        for (int number = 0; number < CALLERS; number++) {
            callers.add(new Caller(thread, commands, new Random(seed + number)));
        }
        callers.forEach(Thread::start);
        for (Caller caller : callers) {
            caller.join();
        }
        thread.stop();
        assertThat(thread.join(10_000)).as("seed %d", seed).isTrue();
        if (failure.get() != null) {
            throw new AssertionError("seed " + seed, failure.get());
        }
        for (Caller caller : callers) {
            assertThat(caller.executed).as("seed %d", seed).isEqualTo(caller.submitted);
            assertThat(caller.actionsTaken).as("seed %d", seed).isEqualTo(caller.actionsAdded);
        }
    }

    /** Runs commands, as the agent of a pool does. */
    private final class Commands implements Agent {
        private final CommunicationThread thread;
        private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean running = new AtomicBoolean();
        private final Random random; // of the runner

        Commands(CommunicationThread thread, Random random) {
            this.thread = thread;
            this.random = random;
        }

        void execute(Runnable command) {
            queue.add(command);
            thread.wakeUp();
        }

        @Override
        public int doWork(long nowNanos) {
            assertThat(running.compareAndSet(false, true)).as("runs alone").isTrue();
            assertThat(thread.isCurrent()).isTrue();
            int work = queue.size(); // commands that these submit are for the next run
            for (int i = 0; i < work; i++) {
                queue.remove().run();
            }
            spin(random.nextInt(200)); // a command that comes now is not to be missed
            running.set(false);
            return work;
        }

        @Override
        public Urgency urgency() {
            return Urgency.HIGH;
        }

        @Override
        public void failed(Throwable cause) {
            failure.compareAndSet(null, cause);
        }
    }

    /** An agent that comes and goes. */
    private static final class Passing implements Agent {
        @Override
        public int doWork(long nowNanos) {
            return 0;
        }

        @Override
        public Urgency urgency() {
            return Urgency.HIGH;
        }

        @Override
        public void failed(Throwable cause) {}
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private final class Caller extends Thread {
        private final CommunicationThread thread;
        private final Commands commands;
        private final Random random;
        private int submitted;
        // Not volatile, since each run must see the effects of those before it.
        private int executed;
        private int actionsAdded;
        private int actionsTaken;

        Caller(CommunicationThread thread, Commands commands, Random random) {
            this.thread = thread;
            this.commands = commands;
            this.random = random;
        }

        @Override
        public void run() {
            try {
                for (int round = 1; round <= ROUNDS && failure.get() == null; round++) {
                    meet(round);
                    spin(random.nextInt(100));
                    operate(random.nextInt(8));
                }
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            }
        }

        /** All begin a round at the same time. */
        @SuppressWarnings("ThreadPriorityCheck") // there may be fewer processors than callers
        private void meet(int round) {
            arrived.incrementAndGet();
            for (int spins = 1; arrived.get() < round * CALLERS && failure.get() == null; spins++) {
                if (spins % SPINS_A_YIELD == 0) {
                    Thread.yield();
                }
            }
        }

        private void operate(int operation) {
            switch (operation) {
                case 0, 1 -> awaitNext(() -> {});
                case 2 -> awaitNext(thread::wakeUp);
                case 3 -> awaitActionAfterNext();
                case 4 -> awaitChain(random.nextInt(20));
                case 5 -> interruptedSubmit();
                case 6 -> {
                    Passing passing = new Passing();
                    thread.add(passing);
                    thread.remove(passing);
                }
                default -> LockSupport.parkNanos(random.nextInt(50_000)); // so that the thread parks, too
            }
        }

        /** Submits a command that must be the next of this caller to be executed. */
        private void submit(Runnable andThen) {
            int number = submitted++;
            commands.execute(() -> {
                assertThat(executed++).as("number of the command").isEqualTo(number);
                andThen.run();
            });
        }

        private void interruptedSubmit() {
            interrupt();
            AtomicBoolean done = new AtomicBoolean();
            submit(() -> signal(done));
            assertThat(Thread.interrupted()).isTrue();
            await(done);
        }

        /** Commands each of which submits the next one. */
        private void awaitChain(int length) {
            AtomicBoolean done = new AtomicBoolean();
            submitChain(length, done);
            await(done);
        }

        private void submitChain(int length, AtomicBoolean done) {
            submit(() -> {
                if (length == 0) {
                    signal(done);
                } else {
                    submitChain(length - 1, done);
                }
            });
        }

        private void awaitNext(Runnable andThen) {
            AtomicBoolean done = new AtomicBoolean();
            submit(() -> {
                andThen.run();
                signal(done);
            });
            await(done);
        }

        /** The action submits a command in its turn, when other threads may run the agents again. */
        private void awaitActionAfterNext() {
            AtomicBoolean done = new AtomicBoolean();
            submit(() -> {
                Thread runner = Thread.currentThread();
                actionsAdded++;
                thread.runAfterWork(() -> {
                    try {
                        assertThat(Thread.currentThread()).isSameAs(runner);
                        assertThat(thread.isCurrent()).isEqualTo(thread.isItself());
                        commands.execute(() -> {
                            actionsTaken++;
                            signal(done);
                        });
                    } catch (Throwable t) {
                        failure.compareAndSet(null, t);
                        signal(done);
                    }
                });
            });
            await(done);
        }

        private void signal(AtomicBoolean done) {
            done.set(true);
            LockSupport.unpark(this);
        }

        private void await(AtomicBoolean done) {
            long begin = System.nanoTime();
            thread.doWorkUntil(done::get, LIMIT_NANOS);
            for (int spins = random.nextInt(3_000); spins > 0 && !done.get(); spins--) {
                Thread.onSpinWait(); // so that the next command comes while the thread is about to park
            }
            while (!done.get()) {
                LockSupport.parkNanos(this, LIMIT_NANOS);
                if (System.nanoTime() - begin > LIMIT_NANOS || failure.get() != null) {
                    throw new AssertionError("a command was not executed: a wake-up was lost", failure.get());
                }
            }
        }
    }
}
