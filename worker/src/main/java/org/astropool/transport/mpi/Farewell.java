package org.astropool.transport.mpi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.astropool.transport.FrameHandler;
import org.astropool.transport.Transport;

/**
 * How the ranks agree to leave. MPI_Finalize waits for everybody, in a blocking call that burns a core, and for ever
 * when a rank is gone; but workers end minutes before a master that still writes its tables. So all keep their
 * communication threads going until the master says that everybody is ready:
 *
 * <ul>
 *   <li>a worker that ends sends READY to the master, again and again, until it hears GO;
 *   <li>the master that ends asks those who are not ready, again and again, and then sends GO to all;
 *   <li>a worker that is asked answers HERE, or READY; a master that hears READY too early answers HERE;
 *   <li>whoever stays silent is lost. A worker without master gives up. A master that has lost workers sends
 *       GO_WITHOUT_FINALIZE to the others, because MPI_Finalize would wait for the lost ones.
 * </ul>
 *
 * Belongs to the communication thread.
 */
final class Farewell implements FrameHandler {
    private static final long SILENCE_OF_WORKER_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Longer, because a worker that gives up fails. */
    private static final long SILENCE_OF_MASTER_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final byte ASK = 0;
    private static final byte HERE = 1;
    private static final byte READY = 2;
    private static final byte GO = 3;
    private static final byte GO_WITHOUT_FINALIZE = 4;

    private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Transport channel;
    private final boolean master;
    private final long[] heard;
    private final BitSet waitedFor = new BitSet();
    private final BitSet lost = new BitSet();
    private boolean finalizeWorks = true;
    private boolean leaving;
    private long nextRepeat;
    private long now;

    /** @param channel one that nobody else uses */
    Farewell(Transport channel) {
        this.channel = channel;
        this.master = channel.self() == 0;
        this.heard = new long[channel.size()];
        waitedFor.set(0, channel.size());
        if (master) {
            waitedFor.clear(0);
        } else {
            waitedFor.clear(1, channel.size());
        }
    }

    /** Hears and answers the others, all the time. */
    int turn(long nowNanos) {
        now = nowNanos;
        return channel.poll(this);
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        heard[peer] = now;
        switch (frame.get()) {
            case ASK -> send(peer, leaving ? READY : HERE);
            case READY -> {
                waitedFor.clear(peer);
                send(peer, HERE);
            }
            case GO -> waitedFor.clear(peer);
            case GO_WITHOUT_FINALIZE -> {
                waitedFor.clear(peer);
                finalizeWorks = false;
            }
            default -> {} // HERE: it is enough that it was heard
        }
    }

    /**
     * Whether this rank may leave now. To be asked again and again.
     *
     * @throws MpiException on a worker whose master is lost
     */
    boolean mayLeave() {
        if (!leaving) {
            leaving = true;
            nextRepeat = now;
            Arrays.fill(heard, now);
        }
        if (master) {
            giveUpSilentWorkers();
        } else if (waitedFor.get(0) && now - heard[0] > SILENCE_OF_MASTER_NANOS) {
            throw new MpiException("rank 0 has not answered for "
                    + TimeUnit.NANOSECONDS.toSeconds(SILENCE_OF_MASTER_NANOS)
                    + " s; this rank waited for it in order to end MPI");
        }
        if (now - nextRepeat >= 0) {
            nextRepeat = now + REPEAT_NANOS;
            waitedFor.stream().forEach(peer -> send(peer, master ? ASK : READY));
        }
        return waitedFor.isEmpty();
    }

    /** Whether everybody is there who is needed for MPI_Finalize; known when this rank may leave. */
    boolean finalizeWorks() {
        return finalizeWorks;
    }

    /** The master's last word: everybody may leave. */
    void sayGo() {
        for (int peer = 1; master && peer < channel.size(); peer++) {
            if (!lost.get(peer)) {
                send(peer, finalizeWorks ? GO : GO_WITHOUT_FINALIZE);
            }
        }
    }

    private void giveUpSilentWorkers() {
        for (int peer = waitedFor.nextSetBit(0); peer >= 0; peer = waitedFor.nextSetBit(peer + 1)) {
            if (now - heard[peer] > SILENCE_OF_WORKER_NANOS) {
                waitedFor.clear(peer);
                lost.set(peer);
                finalizeWorks = false;
            }
        }
    }

    private void send(int peer, byte what) {
        channel.send(peer, channel.acquire(1).put(what).flip());
    }
}
