package org.astropool.transport;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One end of a channel for a test: what is sent, received and asked on any thread is done on the communication thread. */
final class TestChannel implements Agent, FrameHandler, AutoCloseable {
    static final int TIMEOUT_SECONDS = 120;

    record Received(int peer, byte[] bytes) {}

    private final CommunicationThread thread;
    private final Transport transport;
    private final Queue<Runnable> todo = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    TestChannel(Carrier carrier) {
        this.thread = carrier.thread();
        this.transport = carrier.openNext();
        thread.add(this);
    }

    /** On the communication thread. */
    <T> T call(Callable<T> action) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(() -> {
            try {
                result.complete(action.call());
            } catch (Throwable t) { // also failed assertions
                result.completeExceptionally(t);
            }
        });
        return result.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    void send(int peer, byte[] bytes) {
        execute(() ->
                transport.send(peer, transport.acquire(bytes.length).put(bytes).flip()));
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
        while (call(transport::pendingSends) > 0) { // a turn of the communication thread each
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(call(transport::pendingSends) + " frames are still on their way");
            }
        }
    }

    Transport transport() {
        return transport;
    }

    boolean hasReceivedNothing() {
        return received.isEmpty();
    }

    private void execute(Runnable action) {
        todo.add(action);
        thread.wakeUp();
    }

    @Override
    public int turn(long nowNanos) {
        int work = transport.poll(this);
        for (Runnable action = todo.poll(); action != null; action = todo.poll()) {
            action.run();
            work++;
        }
        return work;
    }

    @Override
    public Urgency urgency() {
        return Urgency.LOW;
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        received.add(new Received(peer, bytes));
    }

    @Override
    public void failed(Throwable cause) {
        throw new AssertionError("the test's channel failed", cause);
    }

    /** Closes the transport; the channel stays usable for {@link #call}. */
    @Override
    public void close() throws Exception {
        call(() -> {
            transport.close();
            return null;
        });
    }
}
