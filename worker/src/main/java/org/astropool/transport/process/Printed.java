package org.astropool.transport.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** Reads what a child prints, all the time, since a child whose pipe is full stands still. Keeps the last lines. */
final class Printed {
    private static final int LONGEST_LINE = 4096;
    private static final int PIPE_BYTES = 1 << 16;

    private final int peer;
    private final ReadableByteChannel channel;
    private final ChildOutput output;
    private final LastWords lastWords = new LastWords();
    private final Thread reader;
    private final byte[] line = new byte[LONGEST_LINE];
    private int length;

    Printed(String name, int peer, ReadableByteChannel channel, ChildOutput output) {
        this.peer = peer;
        this.channel = channel;
        this.output = output;
        this.reader = new Thread(this::read, name + " output");
        reader.setDaemon(true);
    }

    void start() {
        reader.start();
    }

    /** Whether all was read that the child printed, waiting for that at most so long. */
    boolean awaitEnd(long millis) throws InterruptedException {
        reader.join(millis);
        return !reader.isAlive();
    }

    String lastWords() {
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
        try {
            output.printed(peer, text);
        } catch (RuntimeException e) {
            // as ChildOutput says: the child must not stand still because its listener is broken
        }
    }
}
