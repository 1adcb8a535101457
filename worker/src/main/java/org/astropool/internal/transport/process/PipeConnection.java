package org.astropool.internal.transport.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.astropool.internal.transport.ChannelTransport;
import org.astropool.internal.transport.PeerLink;
import org.jspecify.annotations.Nullable;

/**
 * One end of a pair of pipes. A frame is its length, its channel (4 bytes each, little-endian) and its bytes.
 *
 * <p>Reading and writing a pipe blocks, so each has a thread. Both work through a buffer as large as a pipe: many small
 * frames cost one system call, and a large one is copied while the buffer is in the cache. Senders do not wait for the
 * writer, however slowly the other side reads.
 */
final class PipeConnection implements PeerLink {
    /** The channel of the last frame of a peer that leaves as agreed. */
    static final int FAREWELL = -1;

    static final int MAX_FRAME_BYTES = 1 << 30;

    private static final int PIPE_BYTES = 1 << 16;
    private static final int HEADER_BYTES = 2 * Integer.BYTES;

    /** Takes what arrives, on the reader's thread. */
    interface Receiver {
        /** @param frame little-endian, on the heap; the receiver keeps it */
        void received(int channel, ByteBuffer frame);

        /** All that had arrived was given to {@link #received}. */
        void caughtUp();

        /**
         * Nothing will arrive any more.
         *
         * @param fault what was wrong with the bytes; null when the other side is gone
         */
        void ended(@Nullable String fault);
    }

    /** @param owner which counts it until it has left; null for frames that belong to no transport */
    private record Outgoing(
            int channel, ByteBuffer frame, @Nullable ChannelTransport owner) {}

    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final Receiver receiver;
    private final Thread reader;
    private final Thread writer;
    private final Queue<Outgoing> outbox = new ConcurrentLinkedQueue<>();
    private volatile boolean writerParked;
    private volatile boolean finishing;
    private volatile boolean broken;

    PipeConnection(String name, ReadableByteChannel in, WritableByteChannel out, Receiver receiver) {
        this.in = in;
        this.out = out;
        this.receiver = receiver;
        this.reader = daemon(this::read, name + " reader");
        this.writer = daemon(this::write, name + " writer");
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        reader.start();
        writer.start();
    }

    @Override
    public void send(ChannelTransport owner, ByteBuffer frame) {
        owner.sendStarted();
        send(new Outgoing(owner.channel(), frame, owner));
    }

    /** Announces to the other side that this one leaves. */
    void sendFarewell() {
        send(new Outgoing(FAREWELL, ChannelTransport.allocate(0), null));
    }

    private void send(Outgoing frame) {
        outbox.add(frame);
        if (broken) {
            dropOutbox(); // the writer may have checked for the last time
        } else if (writerParked) {
            LockSupport.unpark(writer);
        }
    }

    /** Waits until what was sent has left, and sends nothing more. */
    void finish(long millis) throws InterruptedException {
        finishing = true;
        LockSupport.unpark(writer);
        writer.join(millis);
    }

    /** Drops what has not left, and ends both threads. */
    void close() {
        broken = true;
        finishing = true;
        LockSupport.unpark(writer);
        Pipes.close(out);
        Pipes.close(in);
    }

    /** Drops what has not left, and lets the other side see the end; still reads. */
    void closeOutput() {
        broken = true;
        finishing = true;
        LockSupport.unpark(writer);
        Pipes.close(out);
    }

    /** Waits at most this long until everything from the other side has been received; returns whether it has. */
    boolean awaitEnd(long millis) throws InterruptedException {
        reader.join(millis);
        return !reader.isAlive();
    }

    private void read() {
        String fault = null;
        ByteBuffer arrived = buffer();
        try {
            Incoming incoming = new Incoming();
            while (in.read(arrived) >= 0) {
                arrived.flip();
                incoming.take(arrived);
                arrived.compact();
                receiver.caughtUp();
            }
        } catch (IOException e) {
            // closed by us, or the other side is gone
        } catch (Throwable t) { // also errors: no memory for a large frame
            fault = t.toString();
        } finally {
            receiver.ended(fault);
        }
    }

    /** Puts frames together from pieces. */
    private final class Incoming {
        private int channel;
        private @Nullable ByteBuffer frame;

        void take(ByteBuffer arrived) {
            while (true) {
                if (frame == null) {
                    if (arrived.remaining() < HEADER_BYTES) {
                        return;
                    }
                    frame = ChannelTransport.allocate(length(arrived.getInt()));
                    channel = arrived.getInt();
                }
                move(arrived, frame);
                if (frame.hasRemaining()) {
                    return;
                }
                ByteBuffer complete = frame.flip();
                frame = null;
                receiver.received(channel, complete);
            }
        }

        private static int length(int length) {
            if (length < 0 || length > MAX_FRAME_BYTES) {
                throw new IllegalStateException(
                        "a frame of " + length + " bytes: something other than frames was written to the pipe");
            }
            return length;
        }
    }

    private void write() {
        Batch batch = new Batch();
        try {
            while (!broken) {
                Outgoing next = outbox.poll();
                if (next != null) {
                    batch.add(next);
                    continue;
                }
                batch.flush();
                if (finishing) {
                    break;
                }
                writerParked = true;
                if (outbox.isEmpty() && !finishing) {
                    LockSupport.park(this);
                }
                writerParked = false;
            }
        } catch (IOException e) {
            // closed by us, or the other side is gone, which the reader sees, too
        } finally {
            broken = true;
            Pipes.close(out);
            batch.drop();
            dropOutbox();
        }
    }

    private void dropOutbox() {
        for (Outgoing next = outbox.poll(); next != null; next = outbox.poll()) {
            ended(next.owner);
        }
    }

    private static void ended(@Nullable ChannelTransport owner) {
        if (owner != null) {
            owner.sendEnded();
        }
    }

    /** What leaves with the next write. */
    private final class Batch {
        private final ByteBuffer bytes = buffer();
        private final List<ChannelTransport> owners = new ArrayList<>();

        void add(Outgoing next) throws IOException {
            ByteBuffer frame = next.frame;
            ChannelTransport owner = next.owner;
            if (owner != null && owner.isClosed()) {
                owner.sendEnded();
                return;
            }
            if (bytes.remaining() < HEADER_BYTES) {
                flush();
            }
            if (owner != null) {
                owners.add(owner); // before its bytes, because a frame that is half written counts as sent, too
            }
            bytes.putInt(frame.remaining()).putInt(next.channel);
            move(frame, bytes);
            while (frame.hasRemaining()) {
                writeBytes();
                move(frame, bytes);
            }
        }

        void flush() throws IOException {
            writeBytes();
            drop();
        }

        private void writeBytes() throws IOException {
            bytes.flip();
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            bytes.clear();
        }

        void drop() {
            owners.forEach(ChannelTransport::sendEnded);
            owners.clear();
        }
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(PIPE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** As many bytes as one has and the other has room for. */
    private static void move(ByteBuffer from, ByteBuffer to) {
        int bytes = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), bytes);
        from.position(from.position() + bytes);
        to.position(to.position() + bytes);
    }
}
