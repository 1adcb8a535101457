package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Queue;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * One channel; its number is the tag of its messages. It exists from the first frame that arrives for it or from
 * {@link MpiExchange#openNext}, whichever comes first.
 */
final class MpiTransport implements Transport {
    private static final int MASTER = 0;
    private static final int FRAMES_A_POLL = 256;

    private record Received(int peer, ByteBuffer frame) {}

    private final MpiExchange exchange;
    private final int channel;
    private final Queue<Received> inbox = new ArrayDeque<>();
    private final BitSet expelled = new BitSet();
    private @Nullable PeerLoss masterLoss;
    private int pendingSends;
    private boolean closed;

    MpiTransport(MpiExchange exchange, int channel) {
        this.exchange = exchange;
        this.channel = channel;
    }

    @Override
    public int self() {
        return exchange.rank();
    }

    @Override
    public int size() {
        return exchange.size();
    }

    @Override
    public int maxFrameBytes() {
        return FramePool.MAX_FRAME_BYTES;
    }

    @Override
    public ByteBuffer acquire(int bytes) {
        return exchange.pool().acquire(bytes);
    }

    @Override
    public void release(ByteBuffer frame) {
        exchange.pool().release(frame);
    }

    @Override
    public void send(int peer, ByteBuffer frame) {
        if (peer == self()) {
            throw new IllegalArgumentException("peer " + peer + " sends a frame to itself");
        }
        if (closed || expelled.get(peer)) {
            release(frame);
        } else {
            exchange.send(this, peer, channel, frame);
        }
    }

    void sendStarted() {
        pendingSends++;
    }

    void sendEnded() {
        pendingSends--;
    }

    void received(int peer, ByteBuffer frame) {
        if (expelled.get(peer)) {
            release(frame);
            exchange.cameLate(peer, channel);
        } else if (closed) {
            release(frame);
        } else {
            inbox.add(new Received(peer, frame));
        }
    }

    @Override
    public int poll(FrameHandler handler) {
        int delivered = 0;
        while (delivered < FRAMES_A_POLL) {
            Received received = inbox.poll();
            if (received == null) {
                break;
            }
            try {
                handler.onFrame(received.peer, received.frame);
            } finally {
                release(received.frame);
            }
            delivered++;
        }
        PeerLoss loss = masterLoss;
        if (loss != null && inbox.isEmpty()) {
            masterLoss = null;
            delivered++;
            handler.onPeerLost(MASTER, loss);
        }
        return delivered;
    }

    /** No other rank takes its place: launchers do not start new ones. */
    @Override
    public boolean expel(int peer) {
        if (!expelled.get(peer)) {
            expelled.set(peer);
            inbox.removeIf(received -> received.peer == peer);
            exchange.expel(this, peer);
        }
        return false;
    }

    /** The master has expelled this rank. */
    void expelledByMaster() {
        if (!closed && !expelled.get(MASTER)) {
            expelled.set(MASTER);
            masterLoss = new PeerLoss("it has given up this rank, which was silent for too long");
        }
    }

    @Override
    public int pendingSends() {
        return pendingSends;
    }

    /** What MPI has begun to send cannot be cancelled; it is sent, and the peer drops it. */
    @Override
    public void close() {
        closed = true;
        inbox.forEach(received -> release(received.frame));
        inbox.clear();
    }
}
