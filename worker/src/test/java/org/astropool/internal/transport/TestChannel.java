package org.astropool.internal.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link DrivenChannel} that keeps the frames it receives, in order. */
final class TestChannel extends DrivenChannel implements AutoCloseable {

    record Received(int peer, byte[] bytes) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    TestChannel(Carrier carrier) {
        super(carrier);
        begin();
    }

    Received take() throws InterruptedException {
        Received next = received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no frame came within " + TIMEOUT_SECONDS + " s");
        }
        return next;
    }

    /** Waits for the carrier to say that every frame has gone: it may learn that after the answer to the last one. */
    void awaitSent() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (pendingSends() > 0) { // a turn of the communication thread each
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(pendingSends() + " frames are still on their way");
            }
        }
    }

    boolean hasReceivedNothing() {
        return received.isEmpty();
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        received.add(new Received(peer, bytes));
    }

    /** Closes the transport; the channel stays usable for {@link #call}. */
    @Override
    public void close() throws Exception {
        call(() -> {
            transport().close();
            return null;
        });
    }
}
