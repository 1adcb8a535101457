package org.astropool.internal.transport;

import java.nio.ByteBuffer;

/** Takes what {@link Transport#poll} delivers, on the communication thread. */
public interface FrameHandler {

    /** @param frame little-endian, from position to limit; valid only during the call, so copy or decode it */
    void onFrame(int peer, ByteBuffer frame);

    /** A peer that was not there at the start; only on carriers whose peers come and go. */
    default void onPeerJoined(int peer) {}

    /** No frame will come from this peer any more. */
    default void onPeerLost(int peer, PeerLoss loss) {}
}
