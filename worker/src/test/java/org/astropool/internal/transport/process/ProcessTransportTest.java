package org.astropool.internal.transport.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.TransportContract;

final class ProcessTransportTest extends TransportContract {
    private static final long HEAP = 512L << 20; // 300 frames of 1 MiB are under way in one test

    private final CommunicationThread thread = new CommunicationThread("peer 0", false);

    @Override
    protected Carrier join() throws CarrierException {
        thread.start();
        List<String> command = ChildJvm.likeThis(HEAP, 1).command(ContractChild.class.getName(), List.of());
        return ProcessCarrier.start(new ChildProcesses(2, command), thread);
    }

    @Override
    protected void left() {
        thread.stop();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }
}
