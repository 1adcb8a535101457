package org.astropool.internal.transport.mpi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.astropool.internal.transport.Agent;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.Transport;

/** One rank of a job in which something happens; see the constants for what. */
final class MpiScenarioRank {

    private static final int A_WHILE_MILLIS = 1000;
    private static final int LARGE = 64 << 20;

    enum Scenario {
        /** Joins and leaves several times, two carriers at a time. */
        JOIN_AND_LEAVE,
        /** Rank 0 ends a while after the others. */
        MASTER_ENDS_LAST,
        /** Rank 1 calls System.exit(0) while all wait for frames. */
        EXIT_IN_THE_MIDDLE,
        /** Rank 1 is gone without a word; the others have nothing to do and end. */
        RANK_IS_LOST,
        /** Rank 1 is stopped with a large frame on its way, is expelled by rank 0, and all end. */
        RANK_STOPS_WHILE_IT_SENDS,
        /** Rank 1's main throws while all wait for frames. */
        EXCEPTION_IN_MAIN,
        /** An agent of rank 1 throws an error. */
        ERROR_IN_AN_AGENT,
        /** Rank 1 sends to a rank that is not there. */
        UNKNOWN_PEER
    }

    /** Does nothing until it fails, then ends the job. */
    private record AbortingAgent(Carrier carrier, Runnable turn) implements Agent {
        @Override
        public int doWork(long nowNanos) {
            turn.run();
            return 0;
        }

        @Override
        public Urgency urgency() {
            return Urgency.LOW;
        }

        @Override
        public void failed(Throwable cause) {
            carrier.abort(7, "agent failed: " + cause.getMessage());
        }
    }

    private MpiScenarioRank() {}

    public static void main(String[] args) throws Exception {
        try {
            play(Scenario.valueOf(args[0]));
        } catch (CarrierException e) {
            System.out.println("refused: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void play(Scenario scenario) throws Exception {
        Carrier carrier = MpiContractRank.join();
        boolean actor = carrier.rank() == 1;
        switch (scenario) {
            case JOIN_AND_LEAVE -> joinAndLeave(carrier);
            case MASTER_ENDS_LAST -> {
                carrier.close();
                if (carrier.rank() == 0) {
                    Thread.sleep(A_WHILE_MILLIS);
                }
            }
            case EXIT_IN_THE_MIDDLE -> {
                if (actor) {
                    System.exit(0);
                }
                waitForEver();
            }
            case RANK_IS_LOST -> {
                if (actor) {
                    Runtime.getRuntime().halt(9);
                }
                carrier.close();
            }
            case RANK_STOPS_WHILE_IT_SENDS -> {
                Transport transport = carrier.openNext();
                CountDownLatch end = new CountDownLatch(carrier.rank() == 2 ? 0 : 1);
                if (actor) {
                    carrier.thread().add(new StoppedSender(transport));
                } else if (carrier.rank() == 0) {
                    carrier.thread().add(new DeafReceiver(transport, end));
                }
                end.await();
                System.setProperty(Carrier.EXIT_CODE_PROPERTY, "0");
                carrier.close();
            }
            case EXCEPTION_IN_MAIN -> {
                if (actor) {
                    throw new IllegalStateException("thrown by main");
                }
                waitForEver();
            }
            case ERROR_IN_AN_AGENT -> {
                if (actor) {
                    carrier.thread().add(new AbortingAgent(carrier, () -> {
                        throw new AssertionError("boom");
                    }));
                }
                waitForEver();
            }
            case UNKNOWN_PEER -> {
                if (actor) {
                    Transport transport = carrier.openNext();
                    ByteBuffer frame = transport.acquire(1).limit(1);
                    carrier.thread().add(new AbortingAgent(carrier, () -> transport.send(99, frame)));
                }
                waitForEver();
            }
        }
    }

    /** Says that it begins, sends a large frame when rank 0 is deaf, and is stopped before that listens again. */
    private static final class StoppedSender implements Agent {
        private final Transport transport;
        private final long since = System.nanoTime();
        private int step;

        StoppedSender(Transport transport) {
            this.transport = transport;
        }

        @Override
        public int doWork(long nowNanos) {
            if (step < 3 && nowNanos - since > step * TimeUnit.MILLISECONDS.toNanos(A_WHILE_MILLIS)) {
                step++;
                switch (step) {
                    case 1 -> transport.send(0, transport.acquire(1).limit(1));
                    case 2 -> transport.send(0, transport.acquire(LARGE).limit(LARGE));
                    default -> stop();
                }
            }
            return transport.poll((peer, frame) -> {});
        }

        private static void stop() {
            try {
                new ProcessBuilder("sh", "-c", "kill -s STOP $PPID").start().waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Urgency urgency() {
            return Urgency.LOW;
        }

        @Override
        public void failed(Throwable cause) {
            cause.printStackTrace();
        }
    }

    /** Begins to receive the large frame when its sender is stopped, and expels that. */
    private static final class DeafReceiver implements Agent, FrameHandler {
        private final Transport transport;
        private final CountDownLatch end;
        private long heard;

        DeafReceiver(Transport transport, CountDownLatch end) {
            this.transport = transport;
            this.end = end;
        }

        @Override
        public int doWork(long nowNanos) {
            int work = transport.poll(this);
            if (heard > 0
                    && end.getCount() > 0
                    && nowNanos - heard > 4 * TimeUnit.MILLISECONDS.toNanos(A_WHILE_MILLIS)) {
                transport.expel(1);
                end.countDown();
            }
            return work;
        }

        @Override
        public void onFrame(int peer, ByteBuffer frame) {
            if (heard == 0) {
                heard = System.nanoTime();
                LockSupport.parkNanos(3 * TimeUnit.MILLISECONDS.toNanos(A_WHILE_MILLIS));
            }
        }

        @Override
        public Urgency urgency() {
            return Urgency.LOW;
        }

        @Override
        public void failed(Throwable cause) {
            cause.printStackTrace();
        }
    }

    private static void joinAndLeave(Carrier first) throws CarrierException {
        first.close();
        for (int i = 0; i < 3; i++) {
            try (Carrier one = MpiContractRank.join();
                    Carrier other = MpiContractRank.join()) {
                if (one.thread() != other.thread() || one.size() != 3) {
                    throw new AssertionError("not the same MPI");
                }
            }
        }
        System.out.println("left as rank " + first.rank());
    }

    private static void waitForEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
