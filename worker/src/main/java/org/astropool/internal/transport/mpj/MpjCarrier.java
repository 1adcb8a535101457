package org.astropool.internal.transport.mpj;

import java.util.concurrent.atomic.AtomicBoolean;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.Transport;

/** One user's share in {@link MpjWorld}. */
final class MpjCarrier implements Carrier {
    private final MpjWorld world;
    private final MpjNetwork network;
    private final AtomicBoolean closed = new AtomicBoolean();

    MpjCarrier(MpjWorld world, MpjNetwork network) {
        this.world = world;
        this.network = network;
    }

    @Override
    public String description() {
        return world.description();
    }

    @Override
    public int rank() {
        return network.rank();
    }

    @Override
    public int size() {
        return network.size();
    }

    @Override
    public CommunicationThread thread() {
        return world.thread();
    }

    @Override
    public Transport openNext() {
        return network.openNext();
    }

    @Override
    public void abort(int exitCode, String reason) {
        world.abort(exitCode, reason);
    }

    /** MPJ itself ends with the JVM, because it can be initialised only once. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            world.left();
        }
    }
}
