package org.astropool.internal.transport.hazelcast;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.astropool.internal.carrier.ElasticWorker;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.faults.FaultPlan;
import org.astropool.internal.transport.process.ParentWatch;
import org.astropool.internal.worker.ChildSettings;
import org.astropool.internal.worker.WorkerEnd;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.internal.worker.WorkerLoop;
import org.jspecify.annotations.Nullable;

/**
 * A worker that joins a master over Hazelcast, at any time, and joins again when it has lost it. {@link #leave} may be
 * called from any thread.
 */
public final class RemoteWorker implements ElasticWorker {
    /** The first line that a child prints when it has joined, before any code of the user runs. */
    static final String CHILD_HAS_JOINED = "astropool: local worker has joined";

    private static final Duration PATIENCE_OF_CHILD = Duration.ofSeconds(20);

    private final MasterAddress master;
    private final int threads;
    private final ClassLoader loader;
    private final WorkerIdentity identity;
    private final ChildSettings childSettings;
    private final Consumer<String> notices;
    private @Nullable WorkerLoop loop;
    private boolean leaving;

    /**
     * @param threads evaluation threads; 0 to be told by the master
     * @param loader has the classes of functions and values
     * @param childSettings for child processes, when the master wants isolation
     * @param notices is told when this worker has joined, and when it has lost the master
     */
    public RemoteWorker(
            MasterAddress master,
            int threads,
            ClassLoader loader,
            WorkerIdentity identity,
            ChildSettings childSettings,
            Consumer<String> notices) {
        this.notices = notices;
        this.master = master;
        this.threads = threads;
        this.loader = loader;
        this.identity = identity;
        this.childSettings = childSettings;
    }

    /**
     * Serves until the master has no more work, refuses this worker, or lets it leave.
     *
     * @param patience how long to wait for a master, at the start and after it was lost
     * @throws HazelcastWorker.RefusedException when the master refuses this worker
     * @throws CarrierException when there is no master
     */
    @Override
    public WorkerEnd serve(Duration patience) throws CarrierException {
        while (true) {
            HazelcastWorker carrier = master.join(patience);
            notices.accept("joined as worker " + carrier.rank());
            WorkerEnd end;
            try {
                end = serve(carrier);
            } finally {
                carrier.close();
            }
            if (end.cause() != WorkerEnd.Cause.MASTER_LOST || isLeaving()) {
                return end;
            }
            notices.accept(end.reason() + "; trying to join again for " + patience.toSeconds() + " s");
        }
    }

    private WorkerEnd serve(HazelcastWorker carrier) {
        WorkerLoop worker = new WorkerLoop(
                FaultPlan.of(System.getenv()).wrap(carrier.openNext()),
                carrier.thread(),
                loader,
                identity,
                threads,
                childSettings);
        synchronized (this) {
            loop = worker;
            carrier.thread().add(worker);
            if (leaving) {
                worker.leave();
            }
        }
        return worker.ended().join();
    }

    private synchronized boolean isLeaving() {
        return leaving;
    }

    /** Leaves the master after what is being evaluated; {@link #serve} then returns. */
    @Override
    public synchronized void leave() {
        leaving = true;
        if (loop != null) {
            loop.leave();
        }
    }

    /**
     * The arguments of a process that joins a master on this machine, and ends with the process that holds its standard
     * input.
     */
    static List<String> arguments(Endpoint master, Path secretFile, int threads) {
        return List.of(master.toString(), secretFile.toString(), String.valueOf(threads));
    }

    /** The main program of a process that {@link LocalWorkers} starts. */
    public static void main(String[] arguments) throws CarrierException {
        ParentWatch.endWith(System.in);
        AtomicBoolean told = new AtomicBoolean();
        RemoteWorker worker =
                new RemoteWorker(
                        new MasterAddress.Given(Endpoint.parse(arguments[0], 0), Path.of(arguments[1])),
                        Integer.parseInt(arguments[2]),
                        Thread.currentThread().getContextClassLoader(),
                        WorkerIdentity.ofThisProcess(),
                        ChildSettings.of(new PrintStream(
                                new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8)::println),
                        notice -> {
                            if (!told.getAndSet(true)) {
                                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
                                        .println(CHILD_HAS_JOINED);
                            }
                        });
        worker.serve(PATIENCE_OF_CHILD);
        Runtime.getRuntime().halt(0); // threads of the user's code must not delay the end
    }
}
