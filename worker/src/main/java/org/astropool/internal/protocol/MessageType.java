package org.astropool.internal.protocol;

import java.nio.ByteBuffer;

/**
 * The types of messages in the order of their codes, from 0, and what reads their fields. New ones are added at the
 * end; Hello stays the first and keeps the form of its first fields, so that versions can tell each other apart.
 */
enum MessageType {
    HELLO(Message.Hello::read),
    WELCOME(Message.Welcome::read),
    READY(Message.Ready::read),
    DEFINE(Message.Define::read),
    FORGET(Message.Forget::read),
    SHARE(Message.Share::read),
    UNSHARE(Message.Unshare::read),
    CHUNK(Message.Chunk::read),
    WITHDRAW(Message.Withdraw::read),
    RESULT(Message.Result::read),
    STOP(Message.Stop::read),
    CHUNK_LOST(Message.ChunkLost::read),
    HEARTBEAT(in -> new Message.Heartbeat()),
    LEAVE(in -> new Message.Leave()),
    CANCEL(Message.Cancel::read),
    CLASS_WANTED(Message.ClassWanted::read),
    CLASS_BYTES(Message.ClassBytes::read);

    private static final MessageType[] BY_CODE = values();

    private final Reader reader;

    private interface Reader {
        Message read(ByteBuffer in);
    }

    MessageType(Reader reader) {
        this.reader = reader;
    }

    /** @throws ProtocolException when no message has this code */
    static MessageType of(byte code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new ProtocolException(
                    "a frame of unknown type " + code + "; is every rank started from the same version of astropool?");
        }
        return BY_CODE[code];
    }

    byte code() {
        return (byte) ordinal();
    }

    /** Reads the fields that follow the code. */
    Message read(ByteBuffer in) {
        return reader.read(in);
    }
}
