package org.astropool.transport.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.astropool.transport.Agent;
import org.astropool.transport.Carrier;
import org.astropool.transport.CommunicationThread;
import org.astropool.transport.FrameHandler;
import org.astropool.transport.PeerLoss;
import org.astropool.transport.Transport;

/** The parent's end of a channel to {@link SupervisedChild}ren: keeps what it hears, in order. */
final class ParentChannel implements Agent, FrameHandler {

    sealed interface Heard {}

    record Frame(int peer, String text) implements Heard {}

    record Joined(int peer) implements Heard {}

    record Lost(int peer, PeerLoss loss) implements Heard {}

    private final CommunicationThread thread;
    private final Transport transport;
    private final BlockingQueue<Runnable> todo = new LinkedBlockingQueue<>();
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    ParentChannel(Carrier carrier) {
        this.thread = carrier.thread();
        this.transport = carrier.openNext();
        thread.add(this);
    }

    void order(int peer, SupervisedChild.Order order, Object argument) {
        send(peer, SupervisedChild.order(order, argument));
    }

    void send(int peer, byte[] bytes) {
        execute(() ->
                transport.send(peer, transport.acquire(bytes.length).put(bytes).flip()));
    }

    void expel(int peer) {
        execute(() -> transport.expel(peer));
    }

    int pendingSends() throws Exception {
        Callable<Integer> count = transport::pendingSends;
        CompletableFuture<Integer> result = new CompletableFuture<>();
        execute(() -> {
            try {
                result.complete(count.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(60, TimeUnit.SECONDS);
    }

    /** The next thing heard, which must be of this kind. */
    <T extends Heard> T next(Class<T> kind) throws InterruptedException {
        Heard next = Waiting.next(heard, kind.getSimpleName());
        if (!kind.isInstance(next)) {
            throw new AssertionError("heard " + next + " instead of " + kind.getSimpleName());
        }
        return kind.cast(next);
    }

    boolean hasHeardNothingMore() {
        return heard.isEmpty();
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
        heard.add(new Frame(peer, StandardCharsets.UTF_8.decode(frame).toString()));
    }

    @Override
    public void onPeerJoined(int peer) {
        heard.add(new Joined(peer));
    }

    @Override
    public void onPeerLost(int peer, PeerLoss loss) {
        heard.add(new Lost(peer, loss));
    }

    @Override
    public void failed(Throwable cause) {
        throw new AssertionError("the test's channel failed", cause);
    }
}
