package org.astropool.internal.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One channel. Frames and news of peers wait in one queue, so that a loss is reported after the last frame. It exists
 * from the first frame that arrives for it or from {@link ChannelMultiplexer#openNext}, whichever comes first.
 */
public final class ChannelTransport implements Transport {
    private static final int EVENTS_A_POLL = 256;

    /** What a poll delivers. */
    sealed interface Event {
        int peer();
    }

    record Received(int peer, ByteBuffer frame) implements Event {}

    record Joined(int peer) implements Event {}

    record Lost(int peer, PeerLoss loss) implements Event {}

    private final ChannelMultiplexer multiplexer;
    private final int channel;
    private final Queue<Event> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pendingSends = new AtomicInteger();
    private final Set<Integer> expelled = new HashSet<>();
    private volatile boolean closed;

    ChannelTransport(ChannelMultiplexer multiplexer, int channel) {
        this.multiplexer = multiplexer;
        this.channel = channel;
    }

    /** Its number. */
    public int channel() {
        return channel;
    }

    @Override
    public int self() {
        return multiplexer.rank();
    }

    @Override
    public int size() {
        return multiplexer.size();
    }

    @Override
    public int maxFrameBytes() {
        return multiplexer.maxFrameBytes();
    }

    @Override
    public ByteBuffer acquire(int bytes) {
        if (bytes > maxFrameBytes()) {
            throw new FrameTooLargeException(bytes, maxFrameBytes());
        }
        return allocate(bytes);
    }

    /** A frame on the heap. */
    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void release(ByteBuffer frame) {}

    @Override
    public void send(int peer, ByteBuffer frame) {
        if (peer == self()) {
            throw new IllegalArgumentException("peer " + peer + " sends a frame to itself");
        }
        if (!closed && !expelled.contains(peer)) {
            multiplexer.send(this, peer, frame);
        }
    }

    /** For links: a frame is on its way. From any thread. */
    public void sendStarted() {
        pendingSends.incrementAndGet();
    }

    /** For links: a frame has left, or was dropped. From any thread. */
    public void sendEnded() {
        pendingSends.decrementAndGet();
    }

    /** From any thread. */
    void happened(Event event) {
        if (!closed) { // an event that is added during close() stays in a queue that is not read any more
            inbox.add(event);
        }
    }

    @Override
    public int poll(FrameHandler handler) {
        int delivered = 0;
        while (delivered < EVENTS_A_POLL) {
            Event event = inbox.poll();
            if (event == null) {
                break;
            }
            if (!expelled.contains(event.peer())) {
                deliver(event, handler);
            } else if (event instanceof Lost) {
                expelled.remove(event.peer()); // its last event: numbers are used once
            }
            delivered++;
        }
        return delivered;
    }

    private static void deliver(Event event, FrameHandler handler) {
        if (event instanceof Received received) {
            handler.onFrame(received.peer, received.frame);
        } else if (event instanceof Joined joined) {
            handler.onPeerJoined(joined.peer);
        } else if (event instanceof Lost lost) {
            handler.onPeerLost(lost.peer, lost.loss);
        }
    }

    @Override
    public boolean expel(int peer) {
        expelled.add(peer); // also a peer whose loss is not reported yet
        return multiplexer.expel(peer);
    }

    @Override
    public int pendingSends() {
        return pendingSends.get();
    }

    /** Whether its frames may be dropped. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        inbox.clear();
    }
}
