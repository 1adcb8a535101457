package org.astropool.internal.worker;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.ProtocolException;
import org.astropool.internal.protocol.ToMaster;
import org.astropool.internal.protocol.Work;
import org.astropool.internal.transport.CarrierException;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.transport.process.ProcessCarrier;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a worker's chunks in child processes, one chunk at a time in each: when a child dies, it is known which
 * chunk it was evaluating, and the worker survives. For the master, all of them are one worker; for the children, this
 * is the master.
 *
 * <p>Belongs to the communication thread.
 */
final class IsolatedEvaluation implements Work.Handler, FrameHandler {
    private static final int TICKS_A_LEASE = 50;

    private final Message.Welcome welcome;
    private final Consumer<Message> master;
    private final ProcessCarrier carrier;
    private final Transport transport;
    private final Map<Integer, Child> children = new LinkedHashMap<>();
    private final Queue<Message.Chunk> waiting = new ArrayDeque<>();
    /** Of chunks that wait. */
    private final List<Message.Cancel> cancelled = new ArrayList<>();

    private final Map<Integer, Message.Define> definitions = new HashMap<>();
    private final Map<Integer, Message.Share> shares = new HashMap<>();
    private boolean reported;
    private long lastTickNanos;

    private static final class Child {
        private final MessageLink link;
        private final Set<Integer> definedCalls = new HashSet<>();
        private boolean ready;
        private Message.@Nullable Chunk running;

        Child(MessageLink link) {
            this.link = link;
        }
    }

    /**
     * Starts the children.
     *
     * @param master takes the answers
     * @throws CarrierException when they cannot be started
     */
    IsolatedEvaluation(
            Message.Welcome welcome,
            Consumer<Message> master,
            ClassLoader loader,
            ChildSettings settings,
            CommunicationThread communication)
            throws CarrierException {
        this.welcome = welcome;
        this.master = master;
        this.carrier = ChildWorker.start(welcome.threads(), 1, loader, settings, communication);
        this.transport = carrier.openNext();
        for (int peer = 1; peer < transport.size(); peer++) {
            onPeerJoined(peer);
        }
    }

    boolean idle() {
        return waiting.isEmpty() && children.values().stream().allMatch(child -> child.running == null);
    }

    /** Whether each child process has a chunk. */
    boolean isFull() {
        return children.values().stream().allMatch(child -> child.running != null);
    }

    /** @return how much was done */
    int doWork(long nowNanos) {
        int work = transport.poll(this);
        if (nowNanos - lastTickNanos > welcome.leaseNanos() / TICKS_A_LEASE) {
            lastTickNanos = nowNanos;
            for (Map.Entry<Integer, Child> entry : List.copyOf(children.entrySet())) {
                long silence = entry.getValue().link.tick(nowNanos, welcome.leaseNanos());
                if (silence > welcome.leaseNanos() && entry.getValue().ready) {
                    expel(
                            entry.getKey(),
                            String.format(Locale.ROOT, "its process was silent for %.1f s", silence * 1e-9));
                }
            }
        }
        return work;
    }

    // ---- what the master says ----

    @Override
    public void onDefine(Message.Define define) {
        definitions.put(define.call(), define);
    }

    @Override
    public void onForget(Message.Forget forget) {
        definitions.remove(forget.call());
        for (Child child : children.values()) {
            if (child.definedCalls.remove(forget.call())) {
                child.link.send(forget);
            }
        }
    }

    @Override
    public void onShare(Message.Share share) {
        shares.put(share.number(), share);
        ready().forEach(child -> child.link.send(share));
    }

    @Override
    public void onUnshare(Message.Unshare unshare) {
        shares.remove(unshare.number());
        ready().forEach(child -> child.link.send(unshare));
    }

    @Override
    public void onChunk(Message.Chunk chunk) {
        waiting.add(chunk);
        handOut();
    }

    @Override
    public void onWithdraw(Message.Withdraw withdraw) {
        for (Iterator<Message.Chunk> chunks = waiting.iterator(); chunks.hasNext(); ) {
            if (chunks.next().chunk() == withdraw.chunk()) {
                chunks.remove();
                cancelled.removeIf(cancel -> cancel.chunk() == withdraw.chunk());
                master.accept(Message.Result.nothing(withdraw.chunk()));
                return;
            }
        }
        for (Child child : children.values()) {
            if (child.running != null && child.running.chunk() == withdraw.chunk()) {
                child.link.send(withdraw);
            }
        }
    }

    @Override
    public void onCancel(Message.Cancel cancel) {
        if (waiting.stream().anyMatch(chunk -> chunk.chunk() == cancel.chunk())) {
            cancelled.add(cancel);
            return;
        }
        for (Child child : children.values()) {
            if (child.running != null && child.running.chunk() == cancel.chunk()) {
                child.link.send(cancel);
            }
        }
    }

    /** Whichever of the children has asked. */
    @Override
    public void onClassBytes(Message.ClassBytes bytes) {
        children.values().forEach(child -> child.link.send(bytes));
    }

    private List<Child> ready() {
        return children.values().stream().filter(child -> child.ready).toList();
    }

    private void handOut() {
        for (Child child : children.values()) {
            if (child.ready && child.running == null && !waiting.isEmpty()) {
                Message.Chunk chunk = waiting.remove();
                Message.Define definition = definitions.get(chunk.call());
                if (definition == null) {
                    throw new IllegalStateException("chunk " + chunk.chunk() + " of a call that is not defined");
                }
                if (child.definedCalls.add(chunk.call())) {
                    child.link.send(definition);
                }
                child.running = chunk;
                child.link.send(chunk);
                cancelled.removeIf(cancel -> {
                    boolean isOfChunk = cancel.chunk() == chunk.chunk();
                    if (isOfChunk) {
                        child.link.send(cancel);
                    }
                    return isOfChunk;
                });
            }
        }
    }

    // ---- what the children say ----

    @Override
    public void onPeerJoined(int peer) {
        children.put(peer, new Child(new MessageLink(transport, peer)));
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        Child child = children.get(peer);
        if (child == null) {
            return;
        }
        ToMaster message;
        try {
            message = child.link.receiveFromWorker(frame);
        } catch (ProtocolException e) {
            expel(peer, String.valueOf(e.getMessage()));
            return;
        }
        if (message != null) {
            message.accept(new ChildHandler(peer, child));
        }
    }

    /** What one child says. */
    private final class ChildHandler implements ToMaster.Handler {
        private final int peer;
        private final Child child;

        ChildHandler(int peer, Child child) {
            this.peer = peer;
            this.child = child;
        }

        @Override
        public void onHello(Message.Hello hello) {
            child.link.send(
                    new Message.Welcome(welcome.worker(), 1, false, welcome.leaseNanos(), welcome.initializer()));
        }

        @Override
        public void onReady(Message.Ready ready) {
            if (!ready.problem().isEmpty()) {
                report(ready.problem());
                return;
            }
            child.ready = true;
            shares.values().forEach(child.link::send);
            if (children.values().stream().allMatch(each -> each.ready)) {
                report("");
            }
            handOut();
        }

        @Override
        public void onResult(Message.Result result) {
            child.running = null;
            // a child has only one slot, so a hung thread is ended together with its process
            master.accept(result.withoutAbandoned());
            if (result.abandoned() > 0) {
                expel(peer, "it hangs past its timeout");
            }
            handOut();
        }

        @Override
        public void onChunkLost(Message.ChunkLost lost) {
            expel(peer, "it sent a ChunkLost message, but has no child processes of its own");
        }

        @Override
        public void onClassWanted(Message.ClassWanted wanted) {
            master.accept(wanted);
        }

        @Override
        public void onLeave(Message.Leave leave) {
            expel(peer, "it sent a Leave message, which only a worker that joined a pool sends");
        }
    }

    private void report(String problem) {
        if (!reported) {
            reported = true;
            master.accept(new Message.Ready(problem));
        }
    }

    private void expel(int peer, String reason) {
        String lastWords = carrier.lastWords(peer);
        boolean replaced = transport.expel(peer);
        onPeerLost(peer, new PeerLoss(reason, lastWords, replaced));
    }

    @Override
    public void onPeerLost(int peer, PeerLoss loss) {
        Child child = children.remove(peer);
        if (child != null && child.running != null) {
            master.accept(new Message.ChunkLost(child.running.chunk(), loss.reason(), loss.lastWords()));
        }
        if (!loss.replaced() && children.isEmpty()) {
            String problem = "no child process can work here: " + loss.reason() + "; " + loss.lastWords();
            if (reported) {
                throw new IllegalStateException(problem);
            }
            report(problem);
        }
    }

    /**
     * Ends the children. Waits for up to 2 s, so not on the communication thread; to be called when this is not run any
     * more.
     */
    void close() {
        carrier.close();
    }
}
