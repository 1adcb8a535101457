package org.astropool.internal.transport.faults;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.Transport;

/**
 * Applies a {@link FaultPlan} to the frames that are sent, and to this process. Frames that are received are left
 * alone: the plan of their sender has been applied to them. As any transport, it belongs to the communication thread.
 */
public final class FaultyTransport implements Transport {
    /** Faults of frames, in the order in which their random numbers are drawn. */
    private static final Set<Fault> OF_FRAMES = EnumSet.complementOf(EnumSet.of(Fault.DIE_IN_WRITE));

    private final Transport transport;
    private final FaultPlan plan;
    private final ProcessSignals process;
    private final LongSupplier nanoClock;
    private final Map<Integer, Link> links = new HashMap<>();
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);

    private record Delayed(ByteBuffer frame, long dueNanos) {}

    /** The way to one peer. */
    private static final class Link {
        final SplittableRandom random;
        final Queue<Delayed> delayed = new ArrayDeque<>();
        long lastDueNanos;

        Link(SplittableRandom random) {
            this.random = random;
        }
    }

    /** Takes the transport, which is closed with this one. */
    public FaultyTransport(Transport transport, FaultPlan plan) {
        this(transport, plan, ThisProcess.SIGNALS, System::nanoTime);
    }

    FaultyTransport(Transport transport, FaultPlan plan, ProcessSignals process, LongSupplier nanoClock) {
        this.transport = transport;
        this.plan = plan;
        this.process = process;
        this.nanoClock = nanoClock;
    }

    /** How often a fault has happened so far. */
    public long count(Fault fault) {
        return counts.getOrDefault(fault, 0L);
    }

    @Override
    public void send(int peer, ByteBuffer frame) {
        if (peer == self()) {
            transport.send(peer, frame); // which refuses it in any case
            return;
        }
        Link link = links.computeIfAbsent(peer, to -> new Link(plan.random(self(), to)));
        // All random numbers are drawn for each frame, so that the rate of one fault does not change the others.
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : OF_FRAMES) {
            if (link.random.nextDouble() < plan.rate(fault)) {
                faults.add(fault);
            }
        }
        double where = link.random.nextDouble();

        if (happens(faults, Fault.KILL)) {
            process.kill();
        }
        if (happens(faults, Fault.STOP)) {
            process.stop(plan.time(Fault.STOP));
        }
        if (happens(faults, Fault.DROP)) {
            transport.release(frame);
            return;
        }
        if (frame.hasRemaining() && happens(faults, Fault.CORRUPT)) {
            flip(frame, (long) (where * frame.remaining() * Byte.SIZE));
        }
        long delayNanos = happens(faults, Fault.DELAY) ? plan.time(Fault.DELAY).toNanos() : 0;
        if (happens(faults, Fault.DUPLICATE)) {
            ByteBuffer copy = acquire(frame.remaining()).put(frame.duplicate()).flip();
            sendAfter(delayNanos, peer, link, frame);
            sendAfter(0, peer, link, copy);
        } else {
            sendAfter(delayNanos, peer, link, frame);
        }
    }

    private boolean happens(Set<Fault> faults, Fault fault) {
        boolean happens = faults.contains(fault);
        if (happens) {
            counts.merge(fault, 1L, Long::sum);
        }
        return happens;
    }

    private static void flip(ByteBuffer frame, long bit) {
        int index = frame.position() + (int) (bit / Byte.SIZE);
        frame.put(index, (byte) (frame.get(index) ^ (1 << (bit % Byte.SIZE))));
    }

    /** Never before those that are waiting already. */
    private void sendAfter(long delayNanos, int peer, Link link, ByteBuffer frame) {
        if (delayNanos == 0 && link.delayed.isEmpty()) {
            transport.send(peer, frame);
            return;
        }
        long due = nanoClock.getAsLong() + delayNanos;
        if (!link.delayed.isEmpty() && link.lastDueNanos - due > 0) {
            due = link.lastDueNanos;
        }
        link.lastDueNanos = due;
        link.delayed.add(new Delayed(frame, due));
    }

    @Override
    public int poll(FrameHandler handler) {
        return sendWhatIsDue() + transport.poll(handler);
    }

    private int sendWhatIsDue() {
        int sent = 0;
        for (Map.Entry<Integer, Link> entry : links.entrySet()) {
            Queue<Delayed> delayed = entry.getValue().delayed;
            while (!delayed.isEmpty() && delayed.element().dueNanos() - nanoClock.getAsLong() <= 0) {
                transport.send(entry.getKey(), delayed.remove().frame());
                sent++;
            }
        }
        return sent;
    }

    @Override
    public int pendingSends() {
        int delayed =
                links.values().stream().mapToInt(link -> link.delayed.size()).sum();
        return delayed + transport.pendingSends();
    }

    @Override
    public boolean expel(int peer) {
        Link link = links.get(peer);
        if (link != null) {
            forget(link);
        }
        return transport.expel(peer);
    }

    @Override
    public void close() {
        links.values().forEach(this::forget);
        transport.close();
    }

    private void forget(Link link) {
        link.delayed.forEach(waiting -> transport.release(waiting.frame()));
        link.delayed.clear();
    }

    @Override
    public int self() {
        return transport.self();
    }

    @Override
    public int size() {
        return transport.size();
    }

    @Override
    public int maxFrameBytes() {
        return transport.maxFrameBytes();
    }

    @Override
    public ByteBuffer acquire(int bytes) {
        return transport.acquire(bytes);
    }

    @Override
    public void release(ByteBuffer frame) {
        transport.release(frame);
    }
}
