package org.astropool.internal.transport.hazelcast;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The only step from the socket until the {@link Handshake} is over; then records and Hazelcast's own decoder take its
 * place.
 */
final class HandshakeHandler extends InboundHandler<ByteBuffer, Void> {

    /** Where the two ends of a connection differ. */
    interface End {
        /** The other side knows the secret. */
        void proven();

        /** It does not, or refuses, or sent something else. The connection is to be closed. */
        void failed(Handshake.FailedException failure);

        /** A record arrived that the other side has not sent. The connection is to be closed. */
        void forged();
    }

    private final Handshake handshake;
    private final boolean master;
    private final RecordEncoder out;
    private final Supplier<List<InboundHandler<ByteBuffer, ?>>> next;
    private final End end;
    private boolean over;

    /** @param next makes what comes behind the records: in the end Hazelcast's own decoder */
    HandshakeHandler(
            Handshake handshake,
            boolean master,
            RecordEncoder out,
            Supplier<List<InboundHandler<ByteBuffer, ?>>> next,
            End end) {
        this.handshake = handshake;
        this.master = master;
        this.out = out;
        this.next = next;
        this.end = end;
    }

    @Override
    public void handlerAdded() {
        initSrcBuffer(Handshake.MAX_MESSAGE_BYTES);
        byte[] opening = handshake.opening();
        if (opening.length > 0) {
            out.begin(opening);
        }
    }

    @Override
    public HandlerStatus onRead() {
        src.flip();
        try {
            while (!over && src.hasRemaining()) {
                int before = src.remaining();
                byte[] answer = handshake.take(src);
                if (answer.length > 0) {
                    out.say(answer);
                }
                ConnectionKeys keys = handshake.keys();
                if (keys != null) {
                    over = true;
                    begin(keys);
                } else if (src.remaining() == before) {
                    break; // the rest of the message is still on its way
                }
            }
            if (over) {
                src.position(src.limit());
            }
        } catch (Handshake.FailedException e) {
            over = true;
            src.position(src.limit());
            if (e.lastMessage().length > 0) {
                out.say(e.lastMessage());
            }
            end.failed(e);
        } finally {
            IOUtil.compactOrClear(src);
        }
        return HandlerStatus.CLEAN;
    }

    /** Neither side sends a record before it has received the other's proof, so this buffer contains no records. */
    private void begin(ConnectionKeys keys) {
        RecordCipher incoming = new RecordCipher(master ? keys.toMaster() : keys.toWorker());
        RecordCipher outgoing = new RecordCipher(master ? keys.toWorker() : keys.toMaster());
        List<InboundHandler<ByteBuffer, ?>> handlers = new ArrayList<>();
        handlers.add(new RecordDecoder(incoming, end::forged));
        handlers.addAll(next.get());
        channel.inboundPipeline().replace(this, handlers.toArray(InboundHandler[]::new));
        end.proven();
        out.encryptWith(outgoing);
    }
}
