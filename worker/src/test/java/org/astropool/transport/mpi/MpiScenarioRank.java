package org.astropool.transport.mpi;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.astropool.transport.Agent;
import org.astropool.transport.Carrier;
import org.astropool.transport.CarrierException;
import org.astropool.transport.Transport;

/** One rank of a job in which something happens; see the constants for what. */
final class MpiScenarioRank {

    private static final int A_WHILE_MILLIS = 1000;

    enum Scenario {
        /** Joins and leaves several times, two carriers at a time. */
        JOIN_AND_LEAVE,
        /** Rank 0 ends a while after the others. */
        MASTER_ENDS_LAST,
        /** Rank 1 calls System.exit(0) while all wait for frames. */
        EXIT_IN_THE_MIDDLE,
        /** Rank 1 is gone without a word; the others have nothing to do and end. */
        RANK_IS_LOST,
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
        public int turn(long nowNanos) {
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
