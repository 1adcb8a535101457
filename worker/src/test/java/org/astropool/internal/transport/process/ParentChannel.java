package org.astropool.internal.transport.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.astropool.internal.transport.Carrier;
import org.astropool.internal.transport.DrivenChannel;
import org.astropool.internal.transport.PeerLoss;

/** The parent's end of a channel to {@link SupervisedChild}ren: keeps what it hears, in order. */
final class ParentChannel extends DrivenChannel {

    sealed interface Heard {}

    record Frame(int peer, String text) implements Heard {}

    record Joined(int peer) implements Heard {}

    record Lost(int peer, PeerLoss loss) implements Heard {}

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    ParentChannel(Carrier carrier) {
        super(carrier);
        begin();
    }

    void order(int peer, SupervisedChild.Order order, Object argument) {
        send(peer, SupervisedChild.order(order, argument));
    }

    void expel(int peer) {
        execute(() -> transport().expel(peer));
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
}
