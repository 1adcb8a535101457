package org.astropool.internal.python;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** Reads and writes frames. One thread may read while another writes. */
public final class FrameChannel {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int PIECE_BYTES = 1 << 20;

    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final ByteBuffer arrived = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private final ByteBuffer leaving = ByteBuffer.allocateDirect(BUFFER_BYTES);

    public FrameChannel(ReadableByteChannel in, WritableByteChannel out) {
        this.in = in;
        this.out = out;
    }

    /**
     * The next frame; null at the end of the input.
     *
     * @throws EOFException when the input ends within a frame
     * @throws IOException when a frame is larger than an array can be
     */
    public @Nullable Frame read() throws IOException {
        if (!fill(Frame.HEADER)) {
            return null;
        }
        int kind = arrived.getInt() >>> 24;
        int count = arrived.getInt();
        long id = arrived.getLong();
        long length = arrived.getLong();
        if (length < 0 || length > Integer.MAX_VALUE - 8) {
            throw new IOException("a frame of " + length + " bytes; the limit is " + (Integer.MAX_VALUE - 8));
        }
        byte[] payload = new byte[(int) length];
        int have = Math.min(arrived.remaining(), payload.length);
        arrived.get(payload, 0, have);
        if (have < payload.length) {
            ByteBuffer rest = ByteBuffer.wrap(payload, have, payload.length - have);
            while (rest.hasRemaining()) {
                // channels copy through a buffer of the size that is asked for, and keep it
                ByteBuffer piece = rest.slice(rest.position(), Math.min(rest.remaining(), PIECE_BYTES));
                int read = in.read(piece);
                if (read < 0) {
                    throw new EOFException("the input ended within a frame");
                }
                rest.position(rest.position() + read);
            }
        }
        return new Frame(kind, count, id, payload);
    }

    private boolean fill(int bytes) throws IOException {
        if (arrived.remaining() >= bytes) {
            return true;
        }
        arrived.compact();
        try {
            while (arrived.position() < bytes) {
                if (in.read(arrived) < 0) {
                    if (arrived.position() > 0) {
                        throw new EOFException("the input ended within a frame");
                    }
                    return false;
                }
            }
        } finally {
            arrived.flip();
        }
        return true;
    }

    /** Whether a part of the next frame has been read. */
    boolean hasMore() {
        return arrived.hasRemaining();
    }

    /**
     * Puts a frame into the buffer, which is written when it is full, and by {@link #flush}.
     *
     * @param payload in pieces that follow each other
     */
    public void write(int kind, int count, long id, ByteBuffer... payload) throws IOException {
        long length = 0;
        for (ByteBuffer piece : payload) {
            length += piece.remaining();
        }
        room(Frame.HEADER);
        Frame.header(leaving, kind, count, id, length);
        for (ByteBuffer piece : payload) {
            put(piece.duplicate());
        }
    }

    private void put(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            room(1);
            int bytes = Math.min(leaving.remaining(), piece.remaining());
            leaving.put(piece.slice(piece.position(), bytes));
            piece.position(piece.position() + bytes);
        }
    }

    private void room(int bytes) throws IOException {
        if (leaving.remaining() < bytes) {
            flush();
        }
    }

    /** Writes what is in the buffer. */
    public void flush() throws IOException {
        leaving.flip();
        try {
            while (leaving.hasRemaining()) {
                out.write(leaving);
            }
        } finally {
            leaving.clear();
        }
    }
}
