package org.astropool.internal.transport.local;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.astropool.internal.transport.CommunicationThread;
import org.jspecify.annotations.Nullable;

/** What has been sent to one peer on one channel. Any thread puts, the communication thread of the peer takes. */
final class Inbox {

    record Frame(int sender, ByteBuffer bytes) {}

    private final CommunicationThread receiver;
    private final Queue<Frame> frames = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Inbox(CommunicationThread receiver) {
        this.receiver = receiver;
    }

    void put(Frame frame) {
        if (closed) {
            return; // a frame that is added during close() stays in a queue that is not read any more
        }
        frames.add(frame);
        receiver.wakeUp();
    }

    @Nullable
    Frame take() {
        return frames.poll();
    }

    void close() {
        closed = true;
        frames.clear();
    }
}
