package org.astropool.internal.transport;

import java.nio.ByteBuffer;

/** The connection to one peer, for a {@link ChannelMultiplexer}. */
public interface PeerLink {

    /**
     * Sends from position to limit and takes the frame. Never blocks. From any thread.
     *
     * @param owner is told when the frame is on its way ({@link ChannelTransport#sendStarted}) and when it has left or
     *     was dropped ({@link ChannelTransport#sendEnded})
     */
    void send(ChannelTransport owner, ByteBuffer frame);
}
