package org.astropool.internal.transport;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** One end of a channel for a test: what any thread sends or asks is done on the communication thread. */
public abstract class DrivenChannel implements Agent, FrameHandler {
    protected static final int TIMEOUT_SECONDS = 120;

    private final CommunicationThread thread;
    private final Transport transport;
    private final Queue<Runnable> todo = new ConcurrentLinkedQueue<>();

    protected DrivenChannel(Carrier carrier) {
        this.thread = carrier.thread();
        this.transport = carrier.openNext();
    }

    /** Lets it hear frames: the last that a constructor does. */
    protected final void begin() {
        thread.add(this);
    }

    protected final Transport transport() {
        return transport;
    }

    protected final void execute(Runnable action) {
        todo.add(action);
        thread.wakeUp();
    }

    /** On the communication thread. */
    public final <T> T call(Callable<T> action) throws Exception {
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

    public final void send(int peer, byte[] bytes) {
        execute(() ->
                transport.send(peer, transport.acquire(bytes.length).put(bytes).flip()));
    }

    public final int pendingSends() throws Exception {
        return call(transport::pendingSends);
    }

    @Override
    public final int doWork(long nowNanos) {
        int work = transport.poll(this);
        for (Runnable action = todo.poll(); action != null; action = todo.poll()) {
            action.run();
            work++;
        }
        return work;
    }

    @Override
    public final Urgency urgency() {
        return Urgency.LOW;
    }

    @Override
    public final void failed(Throwable cause) {
        throw new AssertionError("the test's channel failed", cause);
    }
}
