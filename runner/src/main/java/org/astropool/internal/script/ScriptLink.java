package org.astropool.internal.script;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.astropool.internal.python.Frame;
import org.astropool.internal.python.FrameChannel;
import org.astropool.internal.worker.WorkerLoop;

/**
 * Sends frames to a script. They are written by a thread of their own, because a script that does not read must not
 * stop those who produce results. Thread-safe.
 */
final class ScriptLink implements AutoCloseable {
    private static final long CLOSE_MILLIS = 5000;

    /** As much as a pipe takes even if the script does not read. */
    private static final int SMALL = 1 << 15;

    private final FrameChannel channel;
    private final ReentrantLock writing = new ReentrantLock();
    private final BlockingQueue<Frame> queue = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::write, "astropool-script-writer");
    private volatile boolean closed;

    ScriptLink(FrameChannel channel) {
        this.channel = channel;
        writer.setDaemon(true);
        writer.start();
    }

    void send(int kind, int count, long id, byte[] payload) {
        Frame frame = new Frame(kind, count, id, payload);
        boolean isWritten =
                payload.length <= SMALL && WorkerLoop.isEvaluationThread() && queue.isEmpty() && writtenAtOnce(frame);
        if (!isWritten) {
            queue.add(frame);
        }
    }

    void send(int kind, long id, JsonObject payload) {
        send(kind, 0, id, JsonWriter.string(payload).getBytes(StandardCharsets.UTF_8));
    }

    private boolean writtenAtOnce(Frame frame) {
        if (!writing.tryLock()) {
            return false;
        }
        try {
            write(frame);
            channel.flush();
        } catch (IOException e) {
            // the script has ended, as whoever reads from it finds out
        } finally {
            writing.unlock();
        }
        return true;
    }

    private void write(Frame frame) throws IOException {
        channel.write(frame.kind(), frame.count(), frame.id(), ByteBuffer.wrap(frame.payload()));
    }

    private void write() {
        try {
            while (!closed || !queue.isEmpty()) {
                Frame next = queue.take();
                writing.lock();
                try {
                    for (Frame frame = next; frame != null; frame = queue.poll()) {
                        write(frame);
                    }
                    channel.flush();
                } finally {
                    writing.unlock();
                }
            }
        } catch (IOException | InterruptedException e) {
            queue.clear(); // the script has ended, as whoever reads from it finds out
        }
    }

    /** Writes what was sent before, if the script reads it. */
    @Override
    public void close() {
        closed = true;
        send(Frame.WORKERS, 0, 0, "{}".getBytes(StandardCharsets.UTF_8)); // wakes the writer
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
    }
}
