package org.astropool.internal.carrier.local;

import java.util.Optional;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CommunicationThread;
import org.jspecify.annotations.Nullable;

/** The master of workers on its own machine: its threads, or its child processes. */
final class LocalSession implements CarrierSession {
    private final CommunicationThread communication;
    private final int threads;
    private final @Nullable Carrier children;

    /** @param children or null when threads of this process are all there is */
    LocalSession(CommunicationThread communication, int threads, @Nullable Carrier children) {
        this.communication = communication;
        this.threads = threads;
        this.children = children;
    }

    @Override
    public Optional<Carrier> carrier() {
        return Optional.ofNullable(children);
    }

    @Override
    public CommunicationThread communication() {
        return communication;
    }

    @Override
    public void begin() {
        communication.start();
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public boolean masterMayEvaluate() {
        return children == null;
    }

    @Override
    public WorkerPolicy workerPolicy() {
        return children == null ? WorkerPolicy.FIXED : WorkerPolicy.REPLACED;
    }

    @Override
    public void close(boolean clean) {
        if (children != null) {
            children.close();
        }
        communication.stop();
    }
}
