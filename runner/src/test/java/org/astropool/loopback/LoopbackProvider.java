package org.astropool.loopback;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.carrier.WorkerPolicy;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.local.LocalCarrier;
import org.astropool.internal.worker.WorkerIdentity;
import org.astropool.internal.worker.WorkerLoop;

/** A carrier that nothing in the main code knows: workers in this JVM, behind frames, each with a thread of its own. */
public final class LoopbackProvider implements CarrierProvider {

    @Override
    public String name() {
        return "loopback";
    }

    @Override
    public Start start() {
        return Start.BY_MASTER;
    }

    @Override
    public CarrierSession open(CarrierRequest request) {
        CommunicationThread[] threads = IntStream.rangeClosed(0, Math.max(1, request.workers()))
                .mapToObj(rank -> new CommunicationThread("loopback " + rank, true))
                .toArray(CommunicationThread[]::new);
        List<LocalCarrier> peers = LocalCarrier.network(threads);
        for (LocalCarrier peer : peers.subList(1, peers.size())) {
            peer.thread()
                    .add(new WorkerLoop(
                            peer.openNext(),
                            peer.thread(),
                            request.classLoader(),
                            WorkerIdentity.ofThisProcess(),
                            1,
                            request.children()));
            peer.thread().start();
        }
        return new Session(peers);
    }

    private record Session(List<LocalCarrier> peers) implements CarrierSession {
        @Override
        public Optional<Carrier> carrier() {
            return Optional.of(peers.get(0));
        }

        @Override
        public CommunicationThread communication() {
            return peers.get(0).thread();
        }

        @Override
        public void begin() {
            communication().start();
        }

        @Override
        public int threads() {
            return 1;
        }

        @Override
        public boolean masterMayEvaluate() {
            return false;
        }

        @Override
        public WorkerPolicy workerPolicy() {
            return WorkerPolicy.FIXED;
        }

        @Override
        public void close(boolean clean) {
            peers.forEach(peer -> peer.thread().stop());
        }
    }
}
