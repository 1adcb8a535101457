package org.astropool.internal.transport.local;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.FrameTooLargeException;
import org.astropool.internal.transport.Transport;

/** Hands over frames without copying them; they are on the heap and left to the garbage collector. */
final class LocalTransport implements Transport {
    private static final int MAX_FRAME_BYTES = 1 << 30;
    private static final int FRAMES_A_POLL = 256;

    private final int self;
    private final Inbox[] inboxes;
    private boolean closed;

    LocalTransport(int self, Inbox[] inboxes) {
        this.self = self;
        this.inboxes = inboxes;
    }

    @Override
    public int self() {
        return self;
    }

    @Override
    public int size() {
        return inboxes.length;
    }

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME_BYTES;
    }

    @Override
    public ByteBuffer acquire(int bytes) {
        if (bytes > MAX_FRAME_BYTES) {
            throw new FrameTooLargeException(bytes, MAX_FRAME_BYTES);
        }
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void release(ByteBuffer frame) {}

    @Override
    public void send(int peer, ByteBuffer frame) {
        if (peer == self) {
            throw new IllegalArgumentException("peer " + self + " sends a frame to itself");
        }
        if (!closed) {
            inboxes[peer].put(new Inbox.Frame(self, frame));
        }
    }

    @Override
    public int poll(FrameHandler handler) {
        int delivered = 0;
        while (delivered < FRAMES_A_POLL) {
            Inbox.Frame frame = inboxes[self].take();
            if (frame == null) {
                break;
            }
            handler.onFrame(frame.sender(), frame.bytes());
            delivered++;
        }
        return delivered;
    }

    /** Always 0: a frame is with its receiver at once. */
    @Override
    public int pendingSends() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
        inboxes[self].close();
    }
}
