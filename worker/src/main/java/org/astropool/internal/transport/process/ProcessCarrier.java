package org.astropool.internal.transport.process;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.ChannelMultiplexer;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.MultiplexedCarrier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent's side: peer 0, which communicates with each child. The first children are peers 1 to n. A child that ends
 * without announcing it is lost, and replaced by one with a new number; numbers are never reused. A child that was
 * expelled is killed, with the programs that it started, and replaced, too.
 *
 * <p>Channels that are opened later are told of the peers that came and went before. A child that starts later begins
 * with the oldest channel that is still open here.
 *
 * <p>When this process ends, however it does, the children end within a second or two.
 */
public final class ProcessCarrier extends MultiplexedCarrier {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessCarrier.class);

    private final Supervisor supervisor;
    private final ChannelMultiplexer multiplexer;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ProcessCarrier(Supervisor supervisor) {
        this.supervisor = supervisor;
        this.multiplexer = supervisor.multiplexer();
    }

    /**
     * Starts the children; does not wait until they can work.
     *
     * @param thread the communication thread, which stays the caller's: it may serve another carrier as well
     * @throws CarrierException when a process cannot be started; then none is left
     */
    public static ProcessCarrier start(ChildProcesses children, CommunicationThread thread) throws CarrierException {
        Supervisor supervisor = new Supervisor(children, thread);
        supervisor.startAll();
        return new ProcessCarrier(supervisor);
    }

    @Override
    protected ChannelMultiplexer multiplexer() {
        return multiplexer;
    }

    @Override
    public String description() {
        return "child processes";
    }

    /** In which of the places 0 to n - 1 a child is or was; empty for a peer that there never was. */
    public OptionalInt slotOf(int peer) {
        Integer slot = supervisor.slot(peer);
        return slot == null ? OptionalInt.empty() : OptionalInt.of(slot);
    }

    /** The process id that a child has or had; empty for one that never ran. */
    public OptionalLong pidOf(int peer) {
        Long pid = supervisor.pid(peer);
        return pid == null ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    /**
     * The last lines that a child has printed so far, at most 20 and 4096 characters: for a report about a child that
     * is about to be expelled. "" for one that has ended.
     */
    public String lastWords(int peer) {
        return supervisor.lastWords(peer);
    }

    /** How many times a child was started, or could not be started, in place of another one. */
    public int restarts() {
        return supervisor.restarts();
    }

    /**
     * How many places have a child or will have one; 0 when none could work, or all have left, so that no child will
     * start any more.
     */
    public int slotsInUse() {
        return supervisor.slotsInUse();
    }

    @Override
    public void abort(int exitCode, String reason) {
        LOG.error("Aborting: {}", reason);
        supervisor.killAll();
        Runtime.getRuntime().halt(exitCode);
    }

    /**
     * Ends all children: they are given a second to see the end of their pipe, then they are killed. Blocks for less
     * than 2 s. What was not sent yet is dropped. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            supervisor.close();
        }
    }
}
