package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.astropool.internal.transport.Carrier;
import org.jspecify.annotations.Nullable;

/**
 * Sorts arriving messages into the channels and makes sure that sent frames leave. Belongs to the communication thread,
 * except for {@link #openNext} and the pool.
 */
final class MpiExchange {
    private static final int OWN_CHANNEL = Carrier.MAX_CHANNELS;

    private static final int FRAMES_A_ROUND = 256;

    /**
     * Large frames may travel in pieces, each of which needs a call of MPI at both ends: so no pause between them, but
     * not for long, as the receiver may be away.
     */
    private static final long TRANSFER_NANOS = 500_000;

    private static final long POOL_BYTES_A_SIZE =
            Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 64);
    private static final long POOL_BYTES_LARGE = Runtime.getRuntime().maxMemory() / 16;

    private final Mpi mpi;
    private final int rank;
    private final int size;
    private final FramePool pool = new FramePool(POOL_BYTES_A_SIZE, POOL_BYTES_LARGE);
    private final AtomicInteger nextChannel = new AtomicInteger();
    private final PendingSends pendingSends;
    private final PendingReceives pendingReceives;
    private final ByteBuffer landing = ByteBuffer.allocateDirect(FramePool.SMALL);
    private final long landingAddress = Mpi.addressOf(landing);
    private final AtomicReferenceArray<@Nullable MpiTransport> channels = new AtomicReferenceArray<>(OWN_CHANNEL + 1);

    private Losses losses = Losses.NOBODY;
    private long now;
    private long lastFrame;

    /** Is told which peers were given up in a channel, and which of these turn out to be alive. */
    interface Losses {
        void expelled(int peer);

        /** A frame came for a channel from which its sender had been expelled; it was dropped. */
        void cameLate(int peer, int channel);

        Losses NOBODY = new Losses() {
            @Override
            public void expelled(int peer) {}

            @Override
            public void cameLate(int peer, int channel) {}
        };
    }

    MpiExchange(Mpi mpi) {
        this.mpi = mpi;
        this.rank = mpi.rank();
        this.size = mpi.size();
        this.pendingSends = new PendingSends(mpi, pool);
        this.pendingReceives = new PendingReceives(
                mpi, (peer, channel, frame) -> transport(channel).received(peer, frame));
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    FramePool pool() {
        return pool;
    }

    /** From any thread. */
    MpiTransport openNext() {
        int channel = nextChannel.getAndIncrement();
        if (channel >= Carrier.MAX_CHANNELS) {
            throw new IllegalStateException("all " + Carrier.MAX_CHANNELS + " channels of this process have been used");
        }
        return transport(channel);
    }

    /** For the carrier itself. */
    MpiTransport ownChannel() {
        return transport(OWN_CHANNEL);
    }

    private MpiTransport transport(int channel) {
        MpiTransport found = channels.get(channel);
        if (found != null) {
            return found;
        }
        MpiTransport made = new MpiTransport(this, channel);
        // A frame that arrives and the user who opens the channel may both make it; the first one stays.
        return channels.compareAndSet(channel, null, made) ? made : Objects.requireNonNull(channels.get(channel));
    }

    void send(MpiTransport owner, int peer, int channel, ByteBuffer frame) {
        lastFrame = now;
        pendingSends.send(owner, peer, channel, frame);
    }

    /**
     * Also to peers that were given up. Not to be called in every round, since each call asks MPI about every pending
     * send.
     */
    boolean isEverythingSent() {
        return pendingSends.isEverythingSent();
    }

    void listen(Losses listener) {
        losses = listener;
    }

    void expel(MpiTransport owner, int peer) {
        pendingSends.abandon(owner, peer);
        losses.expelled(peer);
    }

    void cameLate(int peer, int channel) {
        losses.cameLate(peer, channel);
    }

    /** The master has given up this rank in a channel. */
    void expelledByMaster(int channel) {
        transport(channel).expelledByMaster();
    }

    /**
     * Makes progress. A frame that has arrived counts as work for the transport that has it in its inbox, and not here:
     * it may be a mere heartbeat.
     *
     * @return 1 while a frame may come or leave any moment, else 0
     */
    int doWork(long nowNanos) {
        now = nowNanos;
        int frames = receive() + pendingSends.collect();
        if (!pendingReceives.isEmpty()) {
            frames += pendingReceives.collect();
        }
        if (frames > 0) {
            lastFrame = now;
        }
        boolean waiting = !pendingSends.isEmpty() || !pendingReceives.isEmpty();
        return waiting && now - lastFrame < TRANSFER_NANOS ? 1 : 0;
    }

    private int receive() {
        int received = 0;
        while (received < FRAMES_A_ROUND && mpi.probe()) {
            int peer = mpi.sourceOfProbed();
            int channel = mpi.tagOfProbed();
            int bytes = mpi.bytesOfProbed();
            ByteBuffer frame = pool.acquire(bytes).limit(bytes);
            if (bytes <= FramePool.SMALL) {
                mpi.receive(landingAddress, bytes);
                pendingReceives.received(peer, channel, frame.put(0, landing, 0, bytes));
            } else {
                pendingReceives.start(peer, channel, frame);
            }
            received++;
        }
        return received;
    }
}
