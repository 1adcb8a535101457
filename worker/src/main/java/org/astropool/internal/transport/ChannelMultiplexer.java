package org.astropool.internal.transport;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntPredicate;

/**
 * All channels and all links of a process, and what each channel has to be told about peers: for carriers whose frames
 * arrive on other threads. Thread-safe.
 */
public final class ChannelMultiplexer {
    private final int rank;
    private final int size;
    private final int maxFrameBytes;
    private final CommunicationThread thread;
    private final IntPredicate expulsion;
    private final ConcurrentMap<Integer, PeerLink> links = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, ChannelTransport> channels = new ConcurrentHashMap<>();
    /**
     * What a channel that is created later has to know: peers of the start that are lost, and peers that have joined.
     */
    private final Map<Integer, ChannelTransport.Event> changes = new TreeMap<>();

    private int nextChannel;

    /**
     * @param size how many peers there are at the start, this one included
     * @param firstChannel the number of the channel that is opened first
     * @param expulsion ends a peer, or the way to it, without waiting; says whether another peer takes its place
     */
    public ChannelMultiplexer(
            int rank,
            int size,
            int maxFrameBytes,
            int firstChannel,
            CommunicationThread thread,
            IntPredicate expulsion) {
        this.rank = rank;
        this.size = size;
        this.maxFrameBytes = maxFrameBytes;
        this.nextChannel = firstChannel;
        this.thread = thread;
        this.expulsion = expulsion;
    }

    public int rank() {
        return rank;
    }

    public int size() {
        return size;
    }

    public CommunicationThread thread() {
        return thread;
    }

    /** See {@link Carrier#openNext}. */
    public synchronized Transport openNext() {
        if (nextChannel == Carrier.MAX_CHANNELS) {
            throw new IllegalStateException("all " + Carrier.MAX_CHANNELS + " channels of this carrier have been used");
        }
        ChannelTransport opened = channel(nextChannel);
        nextChannel++;
        return opened;
    }

    /** Where a peer that joins now has to begin: the oldest channel that is open here, or else the next one. */
    public synchronized int oldestOpenChannel() {
        return channels.values().stream()
                .filter(channel -> !channel.isClosed())
                .mapToInt(ChannelTransport::channel)
                .min()
                .orElse(nextChannel);
    }

    private ChannelTransport channel(int number) {
        ChannelTransport channel = channels.get(number);
        return channel == null ? newChannel(number) : channel;
    }

    private synchronized ChannelTransport newChannel(int number) {
        ChannelTransport channel = new ChannelTransport(this, number);
        ChannelTransport other = channels.putIfAbsent(number, channel);
        if (other != null) {
            return other;
        }
        changes.values().forEach(channel::happened);
        return channel;
    }

    /** Before the link of the peer starts. */
    public void joined(int peer, PeerLink link) {
        links.put(peer, link);
        announce(peer);
    }

    /** A peer that may never have a link. The peers of the start need no announcement. */
    private synchronized void announce(int peer) {
        if (peer >= size) {
            ChannelTransport.Event event = new ChannelTransport.Joined(peer);
            changes.put(peer, event);
            tellAll(event);
        }
    }

    /** After the last frame of the peer. */
    public synchronized void lost(int peer, PeerLoss loss) {
        links.remove(peer);
        ChannelTransport.Event event = new ChannelTransport.Lost(peer, loss);
        if (peer < size) {
            changes.put(peer, event);
        } else {
            changes.remove(peer);
        }
        tellAll(event);
    }

    /** A peer that ended as agreed. */
    public synchronized void left(int peer) {
        links.remove(peer);
        changes.remove(peer);
    }

    /** A peer that could not even be started. */
    public void failedToStart(int peer, PeerLoss loss) {
        announce(peer);
        lost(peer, loss);
    }

    private void tellAll(ChannelTransport.Event event) {
        channels.values().forEach(channel -> channel.happened(event));
        thread.wakeUp();
    }

    /** @param frame little-endian, on the heap; this object keeps it */
    public void received(int peer, int channel, ByteBuffer frame) {
        if (channel < 0 || channel >= Carrier.MAX_CHANNELS) {
            throw new IllegalStateException("a frame for channel " + channel
                    + ", which does not exist: the peer sent something other than frames");
        }
        channel(channel).happened(new ChannelTransport.Received(peer, frame));
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    void send(ChannelTransport owner, int peer, ByteBuffer frame) {
        PeerLink link = links.get(peer);
        if (link != null) {
            link.send(owner, frame);
        }
    }

    boolean expel(int peer) {
        return expulsion.test(peer);
    }
}
