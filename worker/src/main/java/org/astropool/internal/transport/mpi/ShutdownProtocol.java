package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * How the ranks agree to leave. MPI_Finalize waits for all ranks, in a blocking call that keeps a core busy, and for
 * ever when a rank is lost; but workers end minutes before a master that still writes its tables. So all keep their
 * communication threads going until the master says that all are ready:
 *
 * <ul>
 *   <li>a worker that begins says to the master which PROCESS it is;
 *   <li>a worker that ends sends READY to the master, again and again, until it hears GO;
 *   <li>the master that ends asks those who are not ready, again and again, and then sends GO to all;
 *   <li>a worker that is asked answers HERE, or READY; a master that hears READY too early answers HERE;
 *   <li>a rank that stays silent is lost, and so is one that a pool has expelled. A worker without a master gives up. A
 *       master that has lost workers sends GO_WITHOUT_FINALIZE to the others, because MPI_Finalize would wait for the
 *       lost ones, or aborts the job, because the launcher would wait for them;
 *   <li>a lost worker from which a frame arrives after all is told that it is EXPELLED from the channel of that frame,
 *       and answers HERE: it is not lost any more, and ends like the others.
 * </ul>
 *
 * Belongs to the communication thread.
 */
final class ShutdownProtocol implements FrameHandler, MpiExchange.Losses {
    private static final long SILENCE_OF_WORKER_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Longer, because a worker that gives up fails. */
    private static final long SILENCE_OF_MASTER_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int MASTER = 0;

    private static final byte ASK = 0;
    private static final byte HERE = 1;
    private static final byte READY = 2;
    private static final byte GO = 3;
    private static final byte GO_WITHOUT_FINALIZE = 4;
    private static final byte PROCESS = 5;
    private static final byte EXPELLED = 6;

    private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Transport channel;
    private final boolean master;
    private final RankProcess process;
    private final IntConsumer expelledFrom;
    private final long[] heard;
    private final @Nullable RankProcess[] processes;
    private final BitSet waitedFor = new BitSet();
    private final BitSet lost = new BitSet();
    private final BitSet told = new BitSet();
    private boolean finalizeWorks = true;
    private boolean leaving;
    private long nextRepeat;
    private long now;

    /**
     * @param channel one that is used by nothing else
     * @param process this rank's
     * @param expelledFrom is told the channels from which the master has expelled this rank
     */
    ShutdownProtocol(Transport channel, RankProcess process, IntConsumer expelledFrom) {
        this.channel = channel;
        this.master = channel.self() == MASTER;
        this.process = process;
        this.expelledFrom = expelledFrom;
        this.heard = new long[channel.size()];
        this.processes = new RankProcess[channel.size()];
        waitedFor.set(0, channel.size());
        if (master) {
            waitedFor.clear(MASTER);
        } else {
            waitedFor.clear(1, channel.size());
        }
    }

    /** To be called once, before this rank does anything else: it may be killed any moment. */
    void introduce() {
        if (!master) {
            ByteBuffer frame = channel.acquire(1 + process.bytes()).put(PROCESS);
            process.write(frame);
            channel.send(MASTER, frame.flip());
        }
    }

    /** Receives messages of the other ranks and answers them. */
    int doWork(long nowNanos) {
        now = nowNanos;
        return channel.poll(this);
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        heard[peer] = now;
        if (master && lost.get(peer)) {
            lost.clear(peer);
            waitedFor.set(peer);
        }
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
            case PROCESS -> processes[peer] = RankProcess.read(frame);
            case EXPELLED -> {
                send(peer, HERE);
                expelledFrom.accept(frame.getInt());
            }
            default -> {} // HERE: it is enough that it has arrived
        }
    }

    /** An expelled rank is lost at once, without a second wait for its silence. */
    @Override
    public void expelled(int peer) {
        lost.set(peer);
        told.clear(peer);
        if (master) {
            waitedFor.clear(peer);
        }
    }

    /** Sent once: otherwise a rank with many frames in transit would be told for each of them. */
    @Override
    public void cameLate(int peer, int lateChannel) {
        if (master && !told.get(peer)) {
            told.set(peer);
            channel.send(
                    peer,
                    channel.acquire(1 + Integer.BYTES)
                            .put(EXPELLED)
                            .putInt(lateChannel)
                            .flip());
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
        } else if (waitedFor.get(MASTER)) {
            giveUpSilentMaster();
        }
        if (now - nextRepeat >= 0) {
            nextRepeat = now + REPEAT_NANOS;
            waitedFor.stream().forEach(peer -> send(peer, master ? ASK : READY));
        }
        return waitedFor.isEmpty();
    }

    /** Whether all ranks that MPI_Finalize needs are present; known when this rank may leave. */
    boolean finalizeWorks() {
        return finalizeWorks && lost.isEmpty();
    }

    /** The ranks that are lost, as far as this one knows. */
    BitSet lost() {
        return (BitSet) lost.clone();
    }

    /** Whether the process of a rank has ended for certain: it ran on this host, and does not exist any more. */
    boolean hasEnded(int peer) {
        RankProcess other = processes[peer];
        return other != null && other.hasEnded();
    }

    /** Kills the process of a rank, stopped or not, if it runs on this host. */
    void kill(int peer) {
        RankProcess other = processes[peer];
        if (other != null) {
            other.kill();
        }
    }

    /** The last message of the master: all ranks may leave. */
    void sayGo() {
        for (int peer = 1; master && peer < channel.size(); peer++) {
            if (!lost.get(peer)) {
                send(peer, finalizeWorks() ? GO : GO_WITHOUT_FINALIZE);
            }
        }
    }

    private void giveUpSilentWorkers() {
        for (int peer = waitedFor.nextSetBit(0); peer >= 0; peer = waitedFor.nextSetBit(peer + 1)) {
            if (now - heard[peer] > SILENCE_OF_WORKER_NANOS) {
                waitedFor.clear(peer);
                lost.set(peer);
            }
        }
    }

    private void giveUpSilentMaster() {
        if (lost.get(MASTER)) {
            throw new MpiException("rank 0 is lost, and this rank cannot end MPI without it");
        }
        if (now - heard[MASTER] > SILENCE_OF_MASTER_NANOS) {
            throw new MpiException("rank 0 has not answered for "
                    + TimeUnit.NANOSECONDS.toSeconds(SILENCE_OF_MASTER_NANOS)
                    + " s; this rank waited for it in order to end MPI");
        }
    }

    private void send(int peer, byte what) {
        channel.send(peer, channel.acquire(1).put(what).flip());
    }
}
