package org.astropool.internal.protocol;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Numbers and checks the frames that two peers exchange on one channel. Carriers promise whole frames in order; this
 * notices when one breaks that promise, because the receiver would wait for a lost answer for ever, and a flipped bit
 * would be a wrong result. A frame that arrives twice is dropped. A receiver that finds a gap or damage gives up the
 * peer.
 *
 * <p>One object a peer and channel, for both directions. Belongs to the communication thread.
 */
public final class FrameSeal {
    /** The length of the seal at the beginning of each frame: CRC-32C of the rest, and the number of the frame. */
    public static final int BYTES = 2 * Integer.BYTES;

    private final CRC32C crc = new CRC32C();
    private int lastSent;
    private int lastReceived;

    /** Fills in the seal of the next frame to be sent, from position 0 to limit. */
    public void seal(ByteBuffer frame) {
        frame.putInt(Integer.BYTES, ++lastSent);
        frame.putInt(0, checksum(frame));
    }

    /**
     * Checks a received frame and puts its position behind the seal.
     *
     * @param frame from position to limit; little-endian
     * @return false when the frame was received before
     * @throws ProtocolException when it is damaged, or one before it is missing
     */
    public boolean open(ByteBuffer frame) {
        ByteBuffer sealed = frame.slice().order(frame.order());
        if (sealed.limit() < BYTES || sealed.getInt(0) != checksum(sealed)) {
            throw new ProtocolException("a frame of " + sealed.limit() + " bytes was damaged in transit");
        }
        int number = sealed.getInt(Integer.BYTES);
        if (number - lastReceived <= 0) {
            return false;
        }
        if (number - lastReceived > 1) {
            throw new ProtocolException("frame " + (lastReceived + 1) + " was lost in transit");
        }
        lastReceived = number;
        frame.position(frame.position() + BYTES);
        return true;
    }

    private int checksum(ByteBuffer frame) {
        crc.reset();
        crc.update(frame.duplicate().position(Integer.BYTES));
        return (int) crc.getValue();
    }
}
