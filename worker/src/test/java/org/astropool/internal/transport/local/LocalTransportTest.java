package org.astropool.internal.transport.local;

import java.util.List;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.ContractPeer;
import org.astropool.internal.transport.TransportContract;

final class LocalTransportTest extends TransportContract {
    private final List<CommunicationThread> threads = List.of(
            new CommunicationThread("peer 0", false),
            new CommunicationThread("peer 1", false),
            new CommunicationThread("peer 2", false));

    @Override
    protected Carrier join() {
        List<LocalCarrier> peers = LocalCarrier.network(threads.toArray(CommunicationThread[]::new));
        threads.forEach(CommunicationThread::start);
        new ContractPeer(peers.get(1));
        new ContractPeer(peers.get(2));
        return peers.get(0);
    }

    @Override
    protected void left() {
        threads.forEach(CommunicationThread::stop);
    }
}
