package org.astropool.internal.transport.hazelcast;

import com.hazelcast.internal.networking.ChannelOption;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The last step on the way to the socket: the messages of the {@link Handshake}, then those of Hazelcast, as records.
 * Until the handshake is over, messages of Hazelcast wait.
 */
final class RecordEncoder extends OutboundHandler<ByteBuffer, ByteBuffer> {
    private final Queue<byte[]> messages = new ConcurrentLinkedQueue<>();
    private volatile @Nullable RecordCipher cipher;

    @Override
    public void handlerAdded() {
        initDstBuffer(Math.max(
                channel.options().getOption(ChannelOption.SO_SNDBUF),
                RecordCipher.MAX_PLAIN_BYTES + RecordCipher.OVERHEAD_BYTES + Handshake.MAX_MESSAGE_BYTES));
    }

    /** The first message, which is sent before the first message of Hazelcast. */
    void begin(byte[] message) {
        messages.add(message);
    }

    /** From any thread, once the channel has started. */
    void say(byte[] message) {
        messages.add(message);
        channel.outboundPipeline().wakeup();
    }

    /** After the last message of the handshake, from any thread. */
    void encryptWith(RecordCipher records) {
        cipher = records;
        channel.outboundPipeline().wakeup();
    }

    @Override
    public HandlerStatus onWrite() {
        RecordCipher records = cipher; // before the messages are read: those come first
        IOUtil.compactOrClear(dst);
        try {
            for (byte[] message = messages.poll(); message != null; message = messages.poll()) {
                dst.put(message);
            }
            if (records == null) {
                return HandlerStatus.BLOCKED;
            }
            while (src.hasRemaining()) {
                int room = dst.remaining() - RecordCipher.OVERHEAD_BYTES;
                int bytes = Math.min(src.remaining(), RecordCipher.MAX_PLAIN_BYTES);
                if (room < bytes) {
                    return HandlerStatus.DIRTY;
                }
                ByteBuffer plain = src.slice(src.position(), bytes);
                records.seal(plain, dst);
                src.position(src.position() + bytes);
            }
            return HandlerStatus.CLEAN;
        } finally {
            dst.flip();
        }
    }
}
