package org.astropool.internal.transport.mpj;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import org.astropool.internal.transport.ChannelMultiplexer;
import org.astropool.internal.transport.ChannelTransport;
import org.astropool.internal.transport.PeerLink;
import org.jspecify.annotations.Nullable;

/**
 * Frames to and from one peer, as pieces in messages that each carry: the channel, the bytes of the whole frame, how
 * much was taken from this peer since the last message, and the piece.
 *
 * <p>Why pieces: MPJ sends what is longer than 128 KiB by a rendezvous, for which its two threads may wait for each
 * other for ever when both ends send. Shorter messages it writes to a socket at once, which blocks when the peer does
 * not read, and it keeps messages without a posted receive without a limit. So at most {@link #WINDOW} bytes may be on
 * their way to a peer, which the buffers of a socket hold; the rest waits here.
 *
 * <p>Belongs to the communication thread.
 */
final class MpjConnection implements PeerLink {
    /** With what MPJ adds this is just below a power of two, in which its buffers are measured. */
    static final int MAX_MESSAGE = 65_536 - 256;

    private static final int HEADER = 3 * Integer.BYTES;
    private static final int MAX_PIECE = MAX_MESSAGE - HEADER;
    private static final int WINDOW = 256 << 10;
    private static final int CREDIT = WINDOW / 4;
    /** What a message costs at least in the buffers of a socket. */
    private static final int OVERHEAD = 1 << 10;

    private final Mpj mpj;
    private final int peer;
    private final ChannelMultiplexer multiplexer;
    private final MpjNetwork network;
    private final byte[] message = new byte[MAX_MESSAGE];
    private final ByteBuffer view = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    private final Queue<Outgoing> outgoing = new ArrayDeque<>();
    private final Queue<Object> requests = new ArrayDeque<>();
    private int onTheWay;
    private int taken;
    private @Nullable ByteBuffer incoming;
    private boolean over;

    /** @param bytes of the whole frame; its position is at what is left to send */
    private record Outgoing(ChannelTransport owner, ByteBuffer frame, int bytes) {}

    MpjConnection(Mpj mpj, int peer, ChannelMultiplexer multiplexer, MpjNetwork network) {
        this.mpj = mpj;
        this.peer = peer;
        this.multiplexer = multiplexer;
        this.network = network;
    }

    @Override
    public void send(ChannelTransport owner, ByteBuffer frame) {
        if (over) {
            return;
        }
        owner.sendStarted();
        outgoing.add(new Outgoing(owner, frame, frame.remaining()));
        try {
            push();
        } catch (MpjException e) {
            network.failed(e); // the sender is another agent, which is not to blame
        }
    }

    /** Sends what the window admits; returns how many messages were sent or completed. */
    int push() {
        int done = 0;
        for (Object request = requests.peek();
                request != null && mpj.test(request) != null;
                request = requests.peek()) {
            requests.remove();
            done++;
        }
        Outgoing next = outgoing.peek();
        while (next != null && onTheWay < WINDOW) {
            int piece = Math.min(next.frame.remaining(), MAX_PIECE);
            view.position(HEADER).put(next.frame.slice(next.frame.position(), piece));
            next.frame.position(next.frame.position() + piece);
            onTheWay += cost(HEADER + piece);
            send(next.owner.channel(), next.bytes, HEADER + piece);
            if (!next.frame.hasRemaining()) {
                outgoing.remove();
                next.owner.sendEnded();
            }
            next = outgoing.peek();
            done++;
        }
        if (taken >= CREDIT) {
            tell(MpjNetwork.CREDIT);
        }
        return done;
    }

    /** Sends a message without a frame, which no window holds back. */
    void tell(int what) {
        if (!over) {
            send(what, 0, HEADER);
        }
    }

    private void send(int channel, int frameBytes, int length) {
        view.putInt(0, channel).putInt(Integer.BYTES, frameBytes).putInt(2 * Integer.BYTES, taken);
        view.clear();
        taken = 0;
        Object request = mpj.send(message, length, peer);
        if (!requests.isEmpty() || mpj.test(request) == null) {
            requests.add(request);
        }
    }

    /** @param received a message from this peer, from 0 to its limit; it is copied */
    void received(ByteBuffer received) {
        int channel = received.getInt();
        int frameBytes = received.getInt();
        onTheWay -= received.getInt();
        if (channel < 0) {
            network.heard(peer, channel);
            return;
        }
        taken += cost(received.limit());
        ByteBuffer frame = incoming == null ? ChannelTransport.allocate(frameBytes) : incoming;
        frame.put(received);
        incoming = frame.hasRemaining() ? frame : null;
        if (incoming == null) {
            multiplexer.received(peer, channel, frame.flip());
        }
    }

    private static int cost(int length) {
        return length + OVERHEAD;
    }

    boolean isEverythingSent() {
        return outgoing.isEmpty() && requests.isEmpty();
    }

    /** Nothing is sent to this peer any more. */
    void end() {
        over = true;
        outgoing.forEach(frame -> frame.owner.sendEnded());
        outgoing.clear();
        requests.clear();
    }
}
