package org.astropool.internal.transport.hazelcast;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.worker.WorkerEnd;
import org.astropool.internal.worker.WorkerIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rank of a launcher as a worker that finds the master through files. */
final class JoiningSession implements CarrierSession {
    private static final Logger LOG = LoggerFactory.getLogger(JoiningSession.class);

    private final RemoteWorker worker;
    private final Duration patience;

    private JoiningSession(RemoteWorker worker, Duration patience) {
        this.worker = worker;
        this.patience = patience;
    }

    /** @throws CarrierException when the request names no files */
    static JoiningSession of(CarrierRequest request) throws CarrierException {
        Path addressFile = request.joining().addressFile();
        Path secretFile = request.joining().secretFile();
        if (addressFile == null || secretFile == null) {
            throw new CarrierException(request.ranks().launcher() + " started "
                    + request.ranks().size()
                    + " ranks, which find each other over Hazelcast by two files that all of them see: name"
                    + " them in JoinOptions, or use astropool run, which does");
        }
        RemoteWorker worker = new RemoteWorker(
                new MasterAddress.InFiles(addressFile, secretFile),
                request.threads(),
                request.classLoader(),
                WorkerIdentity.ofThisProcess(),
                request.children(),
                notice -> LOG.info("{}", notice));
        return new JoiningSession(worker, request.patience());
    }

    @Override
    public boolean isWorker() {
        return true;
    }

    @Override
    public WorkerEnd serve() throws CarrierException {
        return worker.serve(patience);
    }

    @Override
    public Optional<Carrier> carrier() {
        return Optional.empty();
    }

    @Override
    public CommunicationThread communication() {
        throw new IllegalStateException("this process is a worker; it has a thread while it serves");
    }

    @Override
    public void begin() {}

    @Override
    public int threads() {
        return 0;
    }

    @Override
    public WorkerPolicy workerPolicy() {
        return WorkerPolicy.OPEN;
    }

    @Override
    public void close(boolean clean) {
        worker.leave();
    }
}
