package org.astropool.internal.transport.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Reads continuously what a child prints, because a child whose pipe is full is blocked. Keeps the last lines, and
 * passes on a limited amount, so that a child which prints endlessly does not fill the disk that holds our own output.
 */
public final class OutputPump {
    /** How much is passed on at once; beyond that, output is passed on at a fixed rate. */
    private static final long ALLOWANCE_BYTES = 1 << 20;

    private static final double ALLOWANCE_PER_NANO = 1024 * 1e-9;
    /** When it is used up, nothing is passed on until it has grown to this size again. */
    private static final long LEAST_ALLOWANCE = 1 << 16;

    private static final int LONGEST_LINE = 4096;
    private static final int PIPE_BYTES = 1 << 16;

    private final int peer;
    private final ReadableByteChannel channel;
    private final ChildOutput output;
    private final OutputTail lastWords = new OutputTail();
    private final Thread reader;
    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private double allowance = ALLOWANCE_BYTES;
    private long allowedNanos = System.nanoTime();
    private long suppressed;

    /**
     * What a child prints, which is read from {@link #start} on.
     *
     * @param name for the thread that reads
     */
    public OutputPump(String name, int peer, ReadableByteChannel channel, ChildOutput output) {
        this.peer = peer;
        this.channel = channel;
        this.output = output;
        this.reader = new Thread(this::read, name + " output");
        reader.setDaemon(true);
    }

    public void start() {
        reader.start();
    }

    /** Waits at most this long until everything that the child printed has been read; returns whether it has. */
    public boolean awaitEnd(long millis) throws InterruptedException {
        reader.join(millis);
        return !reader.isAlive();
    }

    /** The last lines: at most 20, and 4096 characters. */
    public String lastWords() {
        return lastWords.text();
    }

    void close() {
        Pipes.close(channel);
    }

    private void read() {
        ByteBuffer bytes = ByteBuffer.allocate(PIPE_BYTES);
        try {
            while (channel.read(bytes.clear()) >= 0) {
                split(bytes.flip());
            }
        } catch (IOException e) {
            // closed by us
        } finally {
            if (length > 0) {
                endLine();
            }
            tellOfSuppressed();
        }
    }

    private void split(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                endLine();
            } else {
                if (length == LONGEST_LINE) {
                    endLine();
                }
                line[length++] = next;
            }
        }
    }

    private void endLine() {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        length = 0;
        lastWords.add(text);
        if (isAllowed(text.length() + 1)) {
            tellOfSuppressed();
            pass(text);
        } else {
            suppressed++;
        }
    }

    private boolean isAllowed(int bytes) {
        long now = System.nanoTime();
        allowance = Math.min(ALLOWANCE_BYTES, allowance + (now - allowedNanos) * ALLOWANCE_PER_NANO);
        allowedNanos = now;
        if (allowance < (suppressed > 0 ? LEAST_ALLOWANCE : bytes)) {
            return false;
        }
        allowance -= bytes;
        return true;
    }

    private void tellOfSuppressed() {
        if (suppressed > 0) {
            pass("[" + suppressed + " lines are not shown: more than " + ALLOWANCE_BYTES
                    + " bytes, and then more than 1024 bytes per second]");
            suppressed = 0;
        }
    }

    private void pass(String text) {
        try {
            output.printed(peer, text);
        } catch (RuntimeException e) {
            // as ChildOutput specifies: a broken listener must not block the child
        }
    }
}
