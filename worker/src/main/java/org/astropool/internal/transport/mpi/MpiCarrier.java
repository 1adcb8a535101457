package org.astropool.internal.transport.mpi;

import java.util.concurrent.atomic.AtomicBoolean;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.Transport;

/** One user's share in {@link MpiWorld}. */
final class MpiCarrier implements Carrier {
    private final MpiWorld world;
    private final MpiExchange exchange;
    private final AtomicBoolean closed = new AtomicBoolean();

    MpiCarrier(MpiWorld world, MpiExchange exchange) {
        this.world = world;
        this.exchange = exchange;
    }

    @Override
    public String description() {
        return world.description();
    }

    @Override
    public int rank() {
        return exchange.rank();
    }

    @Override
    public int size() {
        return exchange.size();
    }

    @Override
    public CommunicationThread thread() {
        return world.thread();
    }

    @Override
    public Transport openNext() {
        return exchange.openNext();
    }

    @Override
    public void abort(int exitCode, String reason) {
        world.abort(exitCode, reason);
    }

    /** MPI itself ends with the process, because it can be initialised only once. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            world.left();
        }
    }
}
