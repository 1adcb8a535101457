package org.astropool.internal.transport.mpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;

/**
 * Large frames that are being received. Their sender has to take part, and may be stopped or die meanwhile, so a
 * blocking receive could wait for ever. Later frames from the same peer wait behind it, because frames between two
 * peers keep their order. Belongs to the communication thread.
 */
final class PendingReceives {
    /** A frame usually arrives at once; waiting for so long takes less time than running all agents in between. */
    private static final long WAIT_NANOS = 200_000;

    private static final long COMPLETE = 0;

    /** Takes frames that are whole. */
    interface Receiver {
        void received(int peer, int channel, ByteBuffer frame);
    }

    /** @param request MPI's, or {@link #COMPLETE} */
    private record Arrival(int channel, ByteBuffer frame, long request) {}

    private final Mpi mpi;
    private final Receiver receiver;
    private final Map<Integer, Queue<Arrival>> byPeer = new HashMap<>();
    private final ByteBuffer cell = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    private final long cellAddress = Mpi.addressOf(cell);

    PendingReceives(Mpi mpi, Receiver receiver) {
        this.mpi = mpi;
        this.receiver = receiver;
    }

    boolean isEmpty() {
        return byPeer.isEmpty();
    }

    /** Takes the probed message into a direct buffer. */
    void start(int peer, int channel, ByteBuffer frame) {
        cell.putLong(0, 0);
        mpi.startReceive(Mpi.addressOf(frame), frame.limit(), cellAddress);
        long request = cell.getLong(0);
        long begin = System.nanoTime();
        do {
            if (mpi.isComplete(cellAddress)) {
                add(peer, new Arrival(channel, frame, COMPLETE));
                return;
            }
        } while (System.nanoTime() - begin < WAIT_NANOS);
        add(peer, new Arrival(channel, frame, request));
    }

    /** A whole frame, which may have to wait for an earlier one. */
    void received(int peer, int channel, ByteBuffer frame) {
        if (byPeer.isEmpty()) {
            receiver.received(peer, channel, frame);
        } else {
            add(peer, new Arrival(channel, frame, COMPLETE));
        }
    }

    private void add(int peer, Arrival arrival) {
        Queue<Arrival> earlier = byPeer.get(peer);
        if (earlier != null) {
            earlier.add(arrival);
        } else if (arrival.request == COMPLETE) {
            receiver.received(peer, arrival.channel, arrival.frame);
        } else {
            Queue<Arrival> arrivals = new ArrayDeque<>();
            arrivals.add(arrival);
            byPeer.put(peer, arrivals);
        }
    }

    /** Hands over what is whole by now; returns how many frames that were. */
    int collect() {
        int collected = 0;
        Iterator<Map.Entry<Integer, Queue<Arrival>>> peers = byPeer.entrySet().iterator();
        while (peers.hasNext()) {
            Map.Entry<Integer, Queue<Arrival>> entry = peers.next();
            Queue<Arrival> arrivals = entry.getValue();
            for (Arrival next = arrivals.peek(); next != null && isWhole(next); next = arrivals.peek()) {
                arrivals.remove();
                receiver.received(entry.getKey(), next.channel, next.frame);
                collected++;
            }
            if (arrivals.isEmpty()) {
                peers.remove();
            }
        }
        return collected;
    }

    private boolean isWhole(Arrival arrival) {
        if (arrival.request == COMPLETE) {
            return true;
        }
        cell.putLong(0, arrival.request);
        return mpi.isComplete(cellAddress);
    }
}
