package org.astropool.internal.transport.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.Transport;

/**
 * One peer's side of a network inside this JVM. The communication threads belong to the caller, who starts and stops
 * them; several peers may share one. No peer is ever lost.
 */
public final class LocalCarrier implements Carrier {
    private final List<CommunicationThread> threads;
    /**
     * Of each peer, by channel, created by the sender of the first frame or by the peer that opens the channel,
     * whichever comes first.
     */
    private final List<ConcurrentMap<Integer, Inbox>> inboxes;

    private final int rank;
    private final List<LocalTransport> opened = new ArrayList<>();

    private LocalCarrier(List<CommunicationThread> threads, List<ConcurrentMap<Integer, Inbox>> inboxes, int rank) {
        this.threads = threads;
        this.inboxes = inboxes;
        this.rank = rank;
    }

    /**
     * A network with as many peers as there are threads given.
     *
     * @param threads the communication thread of each peer; the same one may stand there several times
     * @return the carrier of each peer, by its number
     */
    public static List<LocalCarrier> network(CommunicationThread... threads) {
        List<CommunicationThread> shared = List.of(threads);
        List<ConcurrentMap<Integer, Inbox>> inboxes =
                shared.stream().map(thread -> newInboxes()).toList();
        List<LocalCarrier> peers = new ArrayList<>();
        for (int rank = 0; rank < threads.length; rank++) {
            peers.add(new LocalCarrier(shared, inboxes, rank));
        }
        return List.copyOf(peers);
    }

    private static ConcurrentMap<Integer, Inbox> newInboxes() {
        return new ConcurrentHashMap<>();
    }

    @Override
    public String description() {
        return "threads of this process";
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return threads.size();
    }

    @Override
    public CommunicationThread thread() {
        return threads.get(rank);
    }

    @Override
    public synchronized Transport openNext() {
        int channel = opened.size();
        if (channel == MAX_CHANNELS) {
            throw new IllegalStateException("all " + MAX_CHANNELS + " channels of this carrier have been used");
        }
        Inbox[] all = new Inbox[size()];
        for (int peer = 0; peer < all.length; peer++) {
            CommunicationThread receiver = threads.get(peer);
            all[peer] = inboxes.get(peer).computeIfAbsent(channel, number -> new Inbox(receiver));
        }
        LocalTransport transport = new LocalTransport(rank, all);
        opened.add(transport);
        return transport;
    }

    /** There is no other process to end: always throws. */
    @Override
    public void abort(int exitCode, String reason) {
        throw new UnsupportedOperationException(
                "the peers are threads of this process, they cannot be aborted: " + reason);
    }

    /**
     * Closes the transports that are still open. To be called when their communication thread runs no agents any more.
     */
    @Override
    public synchronized void close() {
        opened.forEach(LocalTransport::close);
    }
}
