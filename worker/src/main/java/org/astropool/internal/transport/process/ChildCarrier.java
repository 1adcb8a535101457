package org.astropool.internal.transport.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.ChannelMultiplexer;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.MultiplexedCarrier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's side: it communicates with peer 0, its parent, only. When the parent has ended, this JVM halts at once with
 * exit code 1, whatever it is doing, together with the programs that it has started.
 *
 * <p>A child that ends without {@link #close} is lost and will be replaced.
 */
public final class ChildCarrier extends MultiplexedCarrier {
    private static final int PARENT = 0;
    private static final long SHUTDOWN_MILLIS = 2_000;
    private static final long STOP_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ChildCarrier.class);

    private final ChannelMultiplexer multiplexer;
    private final PipeConnection link;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ChildCarrier(ChannelMultiplexer multiplexer, Pipes pipes) {
        this.multiplexer = multiplexer;
        this.link = new PipeConnection("astropool parent", pipes.in(), pipes.out(), new FromParent());
    }

    /**
     * Joins the parent that has started this process. To be called once, with nothing else done before.
     *
     * @throws CarrierException when this process is no child of a {@link ProcessCarrier}
     */
    public static ChildCarrier join() throws CarrierException {
        ChildStartInfo startInfo = ChildStartInfo.of(System.getenv());
        CommunicationThread thread = new CommunicationThread("astropool communication", false);
        ChannelMultiplexer multiplexer = new ChannelMultiplexer(
                startInfo.peer(),
                startInfo.size(),
                PipeConnection.MAX_FRAME_BYTES,
                startInfo.firstChannel(),
                thread,
                peer -> false);
        try {
            ChildCarrier carrier = new ChildCarrier(multiplexer, Pipes.ofThisChild());
            multiplexer.joined(PARENT, carrier.link);
            thread.start();
            carrier.link.start();
            ParentWatch.start(startInfo.parent());
            return carrier;
        } catch (IOException e) {
            throw new CarrierException("the pipes to the parent cannot be opened at /dev/fd: " + e, e);
        }
    }

    private final class FromParent implements PipeConnection.Receiver {
        @Override
        public void received(int channel, ByteBuffer frame) {
            multiplexer.received(PARENT, channel, frame);
        }

        @Override
        public void caughtUp() {
            multiplexer.thread().wakeUp();
        }

        @Override
        public void ended(@Nullable String fault) {
            ParentWatch.endThisProcess();
        }
    }

    @Override
    protected ChannelMultiplexer multiplexer() {
        return multiplexer;
    }

    @Override
    public String description() {
        return "child process";
    }

    /** Ends this process; the parent sees it as lost and goes on. */
    @Override
    public void abort(int exitCode, String reason) {
        LOG.error("Aborting: {}", reason);
        Runtime.getRuntime().halt(exitCode);
    }

    /**
     * Sends what was sent, waiting for that at most 2 s, and tells the parent that this child leaves and needs no
     * replacement. The process may then end in any way. Idempotent.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        multiplexer.thread().stop();
        link.sendFarewell();
        try {
            if (!multiplexer.thread().isCurrent()) {
                multiplexer.thread().join(STOP_MILLIS);
            }
            link.finish(SHUTDOWN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
