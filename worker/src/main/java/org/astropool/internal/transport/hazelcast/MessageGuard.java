package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.impl.protocol.ClientMessage;
import com.hazelcast.internal.networking.ChannelOption;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Lets client messages through to Hazelcast's decoder, which allocates as much memory as a message announces. Long
 * frames of a message are held back here until they have arrived, so that memory use follows what was really sent; and
 * messages that are too long, or in fragments, which no worker sends, end the connection.
 */
final class MessageGuard extends InboundHandler<ByteBuffer, ByteBuffer> {
    /** For the largest frame of astropool and what Hazelcast adds to it. */
    static final long MAX_MESSAGE_BYTES = HazelcastMaster.MAX_FRAME_BYTES + (1L << 16);

    private static final int HEADER_BYTES = ClientMessage.SIZE_OF_FRAME_LENGTH_AND_FLAGS;
    private static final int SMALL_BYTES = 1 << 20;

    private final Runnable onRefusal;
    private long messageBytes;
    private long passing;
    private @Nullable ByteBuffer kept;
    private int keptLength;
    private boolean over;

    /** @param onRefusal ends the connection */
    MessageGuard(Runnable onRefusal) {
        this.onRefusal = onRefusal;
    }

    @Override
    public void handlerAdded() {
        initSrcBuffer(channel.options().getOption(ChannelOption.SO_RCVBUF));
    }

    @Override
    public HandlerStatus onRead() {
        src.flip();
        try {
            while (true) {
                if (over) {
                    src.position(src.limit());
                    return HandlerStatus.CLEAN;
                }
                if (passing > 0 || kept != null) {
                    if (!goOn()) {
                        return src.hasRemaining() || isComplete() ? HandlerStatus.DIRTY : HandlerStatus.CLEAN;
                    }
                } else if (src.remaining() < HEADER_BYTES) {
                    return HandlerStatus.CLEAN;
                } else {
                    begin();
                }
            }
        } finally {
            IOUtil.compactOrClear(src);
        }
    }

    /** Looks at the header of the next frame. */
    private void begin() {
        ByteBuffer header = src.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int length = header.getInt();
        int flags = header.getShort();
        boolean isWhole =
                messageBytes > 0 || (flags & ClientMessage.UNFRAGMENTED_MESSAGE) == ClientMessage.UNFRAGMENTED_MESSAGE;
        messageBytes += Math.max(length, 0);
        if (length < HEADER_BYTES || messageBytes > MAX_MESSAGE_BYTES || !isWhole) {
            over = true;
            onRefusal.run();
            return;
        }
        if (ClientMessage.isFlagSet(flags, ClientMessage.IS_FINAL_FLAG)) {
            messageBytes = 0;
        }
        if (length <= SMALL_BYTES) {
            passing = length;
        } else {
            kept = ByteBuffer.allocate(SMALL_BYTES);
            keptLength = length;
        }
    }

    /** Whether all of the current frame has passed. */
    private boolean goOn() {
        ByteBuffer held = kept;
        if (held == null) {
            passing -= move(src, dst, passing);
            return passing == 0;
        }
        if (!isComplete()) {
            if (!held.hasRemaining()) {
                int capacity = (int) Math.min(keptLength, 2L * held.capacity());
                held = ByteBuffer.allocate(capacity).put(held.flip());
                kept = held;
            }
            move(src, held, keptLength - held.position());
            if (held.position() < keptLength) {
                return !src.hasRemaining() ? false : goOn();
            }
            held.flip();
            keptLength = 0;
        }
        move(held, dst, held.remaining());
        if (held.hasRemaining()) {
            return false;
        }
        kept = null;
        return true;
    }

    /** Whether a long frame has arrived completely and is being passed to the decoder. */
    private boolean isComplete() {
        return kept != null && keptLength == 0;
    }

    private static int move(ByteBuffer from, ByteBuffer to, long most) {
        int bytes = (int) Math.min(most, Math.min(from.remaining(), to.remaining()));
        to.put(from.slice(from.position(), bytes));
        from.position(from.position() + bytes);
        return bytes;
    }
}
