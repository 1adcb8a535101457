package org.astropool.internal.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.astropool.internal.protocol.FrameSeal;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.ProtocolException;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.FrameTooLargeException;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.Transport;

/** The master's transport in a test, which reads the frames that go out and decides what arrives. */
final class RecordingTransport implements Transport {

    /** A message that the master has sent. */
    record Sent(int peer, Message message) {}

    private final int size;
    private final int maxFrameBytes;
    private final Queue<Consumer<FrameHandler>> arriving = new ArrayDeque<>();
    private final Map<Integer, FrameSeal> seals = new HashMap<>();
    private final List<Sent> sent = new ArrayList<>();
    private final List<Integer> expelled = new ArrayList<>();
    private boolean replacesExpelled;
    private int pendingSends;
    private boolean closed;

    RecordingTransport(int size, int maxFrameBytes) {
        this.size = size;
        this.maxFrameBytes = maxFrameBytes;
    }

    // ---- for the test ----

    /** What was sent since the last call, in its order. */
    List<Sent> takeSent() {
        List<Sent> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** A message of a worker will arrive. */
    void deliver(int peer, Message message) {
        ByteBuffer frame = frame(peer, message);
        arriving.add(handler -> handler.onFrame(peer, frame));
    }

    /** A message will arrive twice. */
    void deliverTwice(int peer, Message message) {
        ByteBuffer frame = frame(peer, message);
        arriving.add(handler -> handler.onFrame(peer, frame.duplicate().order(ByteOrder.LITTLE_ENDIAN)));
        arriving.add(handler -> handler.onFrame(peer, frame));
    }

    /** A message will arrive with one bit changed. */
    void deliverDamaged(int peer, Message message) {
        ByteBuffer frame = frame(peer, message);
        int last = frame.limit() - 1;
        frame.put(last, (byte) (frame.get(last) ^ 1));
        arriving.add(handler -> handler.onFrame(peer, frame));
    }

    void join(int peer) {
        arriving.add(handler -> handler.onPeerJoined(peer));
    }

    void lose(int peer, PeerLoss loss) {
        arriving.add(handler -> handler.onPeerLost(peer, loss));
    }

    List<Integer> expelled() {
        return expelled;
    }

    /** From now on another peer takes the place of one that is expelled. */
    void replaceExpelled() {
        replacesExpelled = true;
    }

    void setPendingSends(int frames) {
        pendingSends = frames;
    }

    boolean isClosed() {
        return closed;
    }

    private ByteBuffer frame(int peer, Message message) {
        ByteBuffer frame = ByteBuffer.allocate((int) (FrameSeal.BYTES + message.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(FrameSeal.BYTES);
        message.write(frame);
        frame.flip();
        seal(peer).seal(frame);
        return frame;
    }

    private FrameSeal seal(int peer) {
        return seals.computeIfAbsent(peer, number -> new FrameSeal());
    }

    // ---- for the master ----

    @Override
    public int self() {
        return 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    public ByteBuffer acquire(int bytes) {
        if (bytes > maxFrameBytes) {
            throw new FrameTooLargeException(bytes, maxFrameBytes);
        }
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void release(ByteBuffer frame) {}

    @Override
    public void send(int peer, ByteBuffer frame) {
        if (expelled.contains(peer) || closed) {
            return;
        }
        if (!seal(peer).open(frame)) {
            throw new ProtocolException("a frame to peer " + peer + " is sealed with the number of an earlier one");
        }
        sent.add(new Sent(peer, Message.read(frame)));
    }

    @Override
    public int poll(FrameHandler handler) {
        int work = 0;
        for (Consumer<FrameHandler> next = arriving.poll(); next != null; next = arriving.poll()) {
            next.accept(handler);
            work++;
        }
        return work;
    }

    @Override
    public boolean expel(int peer) {
        expelled.add(peer);
        return replacesExpelled;
    }

    @Override
    public int pendingSends() {
        return pendingSends;
    }

    @Override
    public void close() {
        closed = true;
    }
}
