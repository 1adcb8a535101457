package org.astropool.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
        public int turn(long nowNanos) {
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
            public int turn(long nowNanos) {
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
            public int turn(long nowNanos) {
                throw thrown;
            }
        };
        CompletableFuture<Boolean> turnOfTheOther = new CompletableFuture<>();
        thread.add(bad);
        assertThat(bad.failure.get(10, TimeUnit.SECONDS)).isSameAs(thrown);
        thread.add(new IdleAgent() {
            @Override
            public int turn(long nowNanos) {
                return turnOfTheOther.complete(thread.isCurrent()) ? 1 : 0;
            }
        });
        assertThat(turnOfTheOther.get(10, TimeUnit.SECONDS)).isTrue();
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

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
