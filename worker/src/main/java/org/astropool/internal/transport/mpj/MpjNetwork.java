package org.astropool.internal.transport.mpj;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.astropool.internal.transport.ChannelMultiplexer;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.SharedWorld;
import org.astropool.internal.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * All connections of this rank, and how they end. When one rank has ended, MPJ Express closes the connections of all
 * others, so all are lost with the first one.
 *
 * <p>One receive for the next message of any rank is always under way, because it is asked for under MPJ's lock; its
 * Iprobe of multicore mode reads a map that other threads change.
 *
 * <p>Belongs to the communication thread, except for {@link #openNext}.
 */
final class MpjNetwork implements SharedWorld.Network {
    /** In place of a channel: no frame, but the sender is alive and may have received something. */
    static final int CREDIT = -1;
    /** The sender cannot go on. */
    static final int FAILED = -2;
    /** From the master: all ranks may leave. */
    static final int GO = -3;

    private static final int MASTER = 0;
    private static final int MAX_FRAME_BYTES = 1 << 30;
    private static final int MESSAGES_A_ROUND = 256;
    /** How soon a rank that only listens learns that its connections are gone. */
    private static final long SIGN_OF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Mpj mpj;
    private final ChannelMultiplexer multiplexer;
    private final List<MpjConnection> connections = new ArrayList<>();
    private final ByteBuffer landing =
            ByteBuffer.allocate(MpjConnection.MAX_MESSAGE).order(ByteOrder.LITTLE_ENDIAN);
    private Object receive;
    private long nextSign;
    private boolean complete = true;
    private @Nullable String failure;
    private boolean go;

    MpjNetwork(Mpj mpj, CommunicationThread thread) {
        this.mpj = mpj;
        int rank = mpj.rank();
        int size = mpj.size();
        this.multiplexer = new ChannelMultiplexer(rank, size, MAX_FRAME_BYTES, 0, thread, this::expel);
        for (int peer = 0; peer < size; peer++) {
            connections.add(new MpjConnection(mpj, peer, multiplexer, this));
            if (peer != rank) {
                multiplexer.joined(peer, connections.get(peer));
            }
        }
        this.receive = mpj.receive(landing.array());
    }

    @Override
    public int rank() {
        return multiplexer.rank();
    }

    @Override
    public int size() {
        return multiplexer.size();
    }

    @Override
    public Transport openNext() {
        return multiplexer.openNext();
    }

    /** Returns how many messages came or left. */
    int doWork(long now) {
        if (failure != null) {
            return 0;
        }
        try {
            int messages = receive();
            for (MpjConnection connection : connections) {
                messages += connection.push();
            }
            if (now - nextSign >= 0) {
                nextSign = now + SIGN_OF_LIFE_NANOS;
                tellMasterOrAll(CREDIT);
            }
            return messages;
        } catch (MpjException e) {
            failed(e);
            return 1;
        }
    }

    private int receive() {
        int received = 0;
        for (Object status = mpj.test(receive); status != null; status = mpj.test(receive)) {
            connections.get(mpj.source(status)).received(landing.clear().limit(mpj.length(status)));
            receive = mpj.receive(landing.array());
            received++;
            if (received == MESSAGES_A_ROUND || failure != null) {
                break;
            }
        }
        return received;
    }

    /** A message without a frame has come. */
    void heard(int peer, int what) {
        if (what == FAILED) {
            end("rank " + peer + " has failed");
        } else if (what == GO) {
            go = true;
        }
    }

    void failed(MpjException cause) {
        end("the connections of MPJ Express are closed, so a rank has ended (" + cause.getMessage() + ")");
    }

    private void end(String reason) {
        if (failure != null) {
            return;
        }
        failure = reason;
        connections.forEach(MpjConnection::end);
        PeerLoss loss = PeerLoss.ofAll(reason);
        for (int peer = 0; peer < size(); peer++) {
            if (peer != rank()) {
                multiplexer.lost(peer, loss);
            }
        }
    }

    /** It may be stopped, and never read the frames that are in transit to it. */
    private boolean expel(int peer) {
        connections.get(peer).end();
        complete = false;
        return false;
    }

    /** This rank cannot continue: tells all channels here, and all other ranks. */
    void fail() {
        tell(FAILED, true);
        end("this rank ends in the middle of the work");
    }

    void sayGo() {
        tell(GO, true);
    }

    private void tellMasterOrAll(int what) {
        tell(what, rank() == MASTER);
    }

    private void tell(int what, boolean all) {
        if (failure != null) {
            return;
        }
        try {
            for (int peer = 0; peer < size(); peer++) {
                if (peer != rank() && (all || peer == MASTER)) {
                    connections.get(peer).tell(what);
                }
            }
        } catch (MpjException e) {
            failed(e);
        }
    }

    /** Why nothing is sent or received any more, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Whether no rank was lost, so that Finalize does not wait for ever. */
    boolean isComplete() {
        return complete && failure == null;
    }

    /** Whether the master has said that all ranks may leave. */
    boolean mayGo() {
        return go;
    }

    boolean isEverythingSent() {
        return connections.stream().allMatch(MpjConnection::isEverythingSent);
    }
}
