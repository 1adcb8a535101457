package org.astropool.internal.transport.hazelcast;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.ContractPeer;
import org.astropool.internal.transport.TransportContract;

/** A master and two workers in this JVM, over real connections. */
final class HazelcastTransportTest extends TransportContract {
    private static final int WORKERS = 2;

    private final CommunicationThread thread = new CommunicationThread("peer 0", false);
    private final List<Thread> workers = new ArrayList<>();

    @Override
    protected Carrier join() throws Exception {
        Path folder = Files.createTempDirectory("astropool");
        Path file = folder.resolve("secret");
        Secret secret = Secret.create(file);
        Files.delete(file);
        Files.delete(folder);
        thread.start();
        HazelcastMaster master = HazelcastMaster.open(new Endpoint("127.0.0.1", 0), WORKERS, secret, thread);
        List<HazelcastWorker> joined = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            joined.add(HazelcastWorker.join(master.endpoint(), secret, Duration.ofSeconds(30)));
        }
        for (HazelcastWorker worker : joined) {
            ContractPeer peer = new ContractPeer(worker);
            Thread serving = new Thread(() -> {
                peer.serve();
                worker.close();
            });
            serving.start();
            workers.add(serving);
        }
        return master;
    }

    @Override
    protected void left() throws InterruptedException {
        thread.stop();
        for (Thread worker : workers) {
            worker.join();
        }
    }
}
