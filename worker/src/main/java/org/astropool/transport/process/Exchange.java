package org.astropool.transport.process;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntConsumer;
import org.astropool.transport.Carrier;
import org.astropool.transport.CommunicationThread;
import org.astropool.transport.PeerLoss;
import org.astropool.transport.Transport;

/** All channels and all links of a process, and what each channel has to be told about peers. Thread-safe. */
final class Exchange {
    private final int rank;
    private final int size;
    private final CommunicationThread thread;
    private final IntConsumer killer;
    private final ConcurrentMap<Integer, Link> links = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, ProcessTransport> channels = new ConcurrentHashMap<>();
    /** What a channel that comes into being later has to know: peers of the start that are lost, and who joined. */
    private final Map<Integer, ProcessTransport.Event> changes = new TreeMap<>();

    private int nextChannel;

    /** @param killer ends the process of a peer, without waiting for its end */
    Exchange(int rank, int size, int firstChannel, CommunicationThread thread, IntConsumer killer) {
        this.rank = rank;
        this.size = size;
        this.nextChannel = firstChannel;
        this.thread = thread;
        this.killer = killer;
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    CommunicationThread thread() {
        return thread;
    }

    synchronized Transport openNext() {
        if (nextChannel == Carrier.MAX_CHANNELS) {
            throw new IllegalStateException(
                    "no channel is left of the " + Carrier.MAX_CHANNELS + " that a carrier has");
        }
        ProcessTransport opened = channel(nextChannel);
        nextChannel++;
        return opened;
    }

    /** Where a peer that joins now has to begin: the oldest channel that is open here, or else the next one. */
    synchronized int oldestOpenChannel() {
        return channels.values().stream()
                .filter(channel -> !channel.isClosed())
                .mapToInt(ProcessTransport::channel)
                .min()
                .orElse(nextChannel);
    }

    private ProcessTransport channel(int number) {
        ProcessTransport channel = channels.get(number);
        return channel == null ? newChannel(number) : channel;
    }

    private synchronized ProcessTransport newChannel(int number) {
        ProcessTransport channel = new ProcessTransport(this, number);
        ProcessTransport other = channels.putIfAbsent(number, channel);
        if (other != null) {
            return other;
        }
        changes.values().forEach(channel::happened);
        return channel;
    }

    /** Before the link of the peer starts. */
    void joined(int peer, Link link) {
        links.put(peer, link);
        announce(peer);
    }

    /** A peer that may never have a link. Of the peers of the start everybody knows. */
    private synchronized void announce(int peer) {
        if (peer >= size) {
            ProcessTransport.Event event = new ProcessTransport.Joined(peer);
            changes.put(peer, event);
            tellAll(event);
        }
    }

    /** After the last frame of the peer. */
    synchronized void lost(int peer, PeerLoss loss) {
        links.remove(peer);
        ProcessTransport.Event event = new ProcessTransport.Lost(peer, loss);
        if (peer < size) {
            changes.put(peer, event);
        } else {
            changes.remove(peer);
        }
        tellAll(event);
    }

    /** A peer that ended as agreed. */
    synchronized void left(int peer) {
        links.remove(peer);
        changes.remove(peer);
    }

    /** A peer that could not even be started. */
    void stillborn(int peer, PeerLoss loss) {
        announce(peer);
        lost(peer, loss);
    }

    private void tellAll(ProcessTransport.Event event) {
        channels.values().forEach(channel -> channel.happened(event));
        thread.wakeUp();
    }

    void received(int peer, int channel, ByteBuffer frame) {
        if (channel < 0 || channel >= Carrier.MAX_CHANNELS) {
            throw new IllegalStateException(
                    "a frame for channel " + channel + ": something else was written to the pipe that is for frames");
        }
        channel(channel).happened(new ProcessTransport.Received(peer, frame));
    }

    void send(ProcessTransport owner, int peer, ByteBuffer frame) {
        Link link = links.get(peer);
        if (link != null) {
            link.send(owner.channel(), frame, owner);
        }
    }

    void expel(int peer) {
        killer.accept(peer);
    }
}
