package org.astropool.internal.transport.hazelcast;

import com.hazelcast.internal.networking.ChannelOption;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;

/**
 * The first step from the socket once the {@link Handshake} is over: decrypts records into the messages of Hazelcast.
 */
final class RecordDecoder extends InboundHandler<ByteBuffer, ByteBuffer> {
    private final RecordCipher records;
    private final Runnable onForgery;
    private final ByteBuffer plain =
            ByteBuffer.allocate(RecordCipher.MAX_PLAIN_BYTES).limit(0);
    private boolean broken;

    /** @param onForgery ends the connection, after a record that the other side has not sent */
    RecordDecoder(RecordCipher records, Runnable onForgery) {
        this.records = records;
        this.onForgery = onForgery;
    }

    @Override
    public void handlerAdded() {
        initSrcBuffer(Math.max(
                channel.options().getOption(ChannelOption.SO_RCVBUF),
                RecordCipher.MAX_PLAIN_BYTES + RecordCipher.OVERHEAD_BYTES));
    }

    @Override
    public HandlerStatus onRead() {
        src.flip();
        try {
            while (true) {
                moveTo(dst);
                if (plain.hasRemaining()) {
                    return HandlerStatus.DIRTY;
                }
                if (broken || !RecordCipher.isComplete(src)) {
                    return HandlerStatus.CLEAN;
                }
                plain.clear();
                try {
                    records.open(src, plain);
                } catch (AEADBadTagException e) {
                    broken = true;
                    src.position(src.limit());
                    onForgery.run();
                }
                plain.flip();
            }
        } finally {
            IOUtil.compactOrClear(src);
        }
    }

    private void moveTo(ByteBuffer out) {
        int bytes = Math.min(plain.remaining(), out.remaining());
        out.put(plain.slice(plain.position(), bytes));
        plain.position(plain.position() + bytes);
    }
}
