package org.astropool.internal.worker;

import java.nio.ByteBuffer;
import org.astropool.internal.protocol.FrameSeal;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.ProtocolException;
import org.astropool.internal.protocol.ToMaster;
import org.astropool.internal.protocol.ToWorker;
import org.astropool.internal.transport.FrameTooLargeException;
import org.astropool.internal.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Messages to and from one peer, and the heartbeats that tell a quiet peer from a dead one, because MPI does not report
 * that a peer has died. Belongs to the communication thread, except for {@link #encode}.
 */
public final class MessageLink {
    private static final int HEARTBEATS_A_LEASE = 5;

    private final Transport transport;
    private final int peer;
    private final FrameSeal seal = new FrameSeal();
    private boolean sent;
    private boolean heard;
    private boolean ticked;
    private long lastTick;
    private long lastSent;
    private long lastHeard;

    public MessageLink(Transport transport, int peer) {
        this.transport = transport;
        this.peer = peer;
    }

    /**
     * A frame for {@link #send(ByteBuffer)}. From any thread.
     *
     * @throws FrameTooLargeException when the carrier cannot send so much
     */
    public ByteBuffer encode(Message message) {
        long bytes = FrameSeal.BYTES + message.bytes();
        if (bytes > transport.maxFrameBytes()) {
            throw new FrameTooLargeException(bytes, transport.maxFrameBytes());
        }
        ByteBuffer frame = transport.acquire((int) bytes).position(FrameSeal.BYTES);
        message.write(frame);
        return frame.flip();
    }

    /** Sends a frame of {@link #encode}. */
    public void send(ByteBuffer frame) {
        seal.seal(frame);
        transport.send(peer, frame);
        sent = true;
    }

    public void send(Message message) {
        send(encode(message));
    }

    /** As {@link #receive}, for a peer that is a worker. */
    public @Nullable ToMaster receiveFromWorker(ByteBuffer frame) {
        return receive(frame, ToMaster.class);
    }

    /** As {@link #receive}, for a peer that is the master. */
    public @Nullable ToWorker receiveFromMaster(ByteBuffer frame) {
        return receive(frame, ToWorker.class);
    }

    /**
     * The message in a frame that came from this peer; null when it requires no action: a heartbeat, or a frame that
     * was received before.
     *
     * @throws ProtocolException when the frame is damaged, one before it was lost, or its message is never sent by such
     *     a peer: the peer cannot be trusted any more
     */
    private <M extends Message> @Nullable M receive(ByteBuffer frame, Class<M> expected) {
        heard = true;
        if (!seal.open(frame)) {
            return null;
        }
        Message message = Message.read(frame);
        if (message instanceof Message.Heartbeat) {
            return null;
        }
        if (!expected.isInstance(message)) {
            throw new ProtocolException(
                    "a " + message.getClass().getSimpleName() + " message, which never travels in this direction");
        }
        return expected.cast(message);
    }

    /**
     * To be called several times a lease. Sends a heartbeat when nothing else was sent recently.
     *
     * @return how long the peer has been silent, in nanoseconds
     */
    public long tick(long nowNanos, long leaseNanos) {
        long heartbeat = leaseNanos / HEARTBEATS_A_LEASE;
        // When this process itself was stopped for a while, it cannot judge the peer's silence.
        boolean away = ticked && nowNanos - lastTick > heartbeat;
        if (!ticked || heard || away) {
            lastHeard = nowNanos;
        }
        if (!ticked || sent) {
            lastSent = nowNanos;
        }
        ticked = true;
        heard = false;
        sent = false;
        lastTick = nowNanos;
        if (nowNanos - lastSent >= heartbeat) {
            send(new Message.Heartbeat());
        }
        return nowNanos - lastHeard;
    }
}
