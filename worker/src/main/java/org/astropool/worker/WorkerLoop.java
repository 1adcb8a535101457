package org.astropool.worker;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.astropool.protocol.Message;
import org.astropool.protocol.Serialization;
import org.astropool.task.TaskFunction;
import org.astropool.transport.Agent;
import org.astropool.transport.CommunicationThread;
import org.astropool.transport.FrameHandler;
import org.astropool.transport.FrameTooLargeException;
import org.astropool.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A worker: takes chunks from the master, has them evaluated by its threads, and answers. An agent of the communication
 * thread; evaluation threads hand it finished frames through a queue and wake it up.
 */
public final class WorkerLoop implements Agent, FrameHandler {
    private static final int MASTER = 0;
    private static final long WATCH_NANOS = 1_000_000;

    private final Transport transport;
    private final CommunicationThread communication;
    private final ClassLoader loader;
    private final WorkerIdentity identity;
    private final int wantedThreads;
    private final SharedValues sharedValues;
    private final Serialization serialization;
    private final Map<Integer, DefinedCall> calls = new HashMap<>();
    private final Queue<ByteBuffer> outbox = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private @Nullable EvaluationThreads threads;
    private boolean saidHello;
    private int number;
    private long lastWatchNanos;

    /**
     * A worker that begins when it is added to the communication thread of its transport.
     *
     * @param threads how many evaluation threads to use, or 0 to be told by the master
     * @param loader has the classes of functions and values
     */
    public WorkerLoop(
            Transport transport,
            CommunicationThread communication,
            ClassLoader loader,
            WorkerIdentity identity,
            int threads) {
        this.transport = transport;
        this.communication = communication;
        this.loader = loader;
        this.identity = identity;
        this.wantedThreads = threads;
        this.sharedValues = new SharedValues(loader);
        this.serialization = new Serialization(loader, sharedValues::resolve);
    }

    /**
     * Completes when the worker has ended: with "" when the master had no more work, else with why the master failed;
     * exceptionally when this worker failed.
     */
    public CompletableFuture<String> ended() {
        return ended;
    }

    /** Whether the caller is a thread that evaluates tasks. */
    public static boolean isEvaluationThread() {
        return Thread.currentThread() instanceof EvaluationThreads.EvaluationThread;
    }

    @Override
    public int turn(long nowNanos) {
        if (!saidHello) {
            saidHello = true;
            send(identity.hello(wantedThreads));
        }
        int work = transport.poll(this);
        for (ByteBuffer frame = outbox.poll(); frame != null; frame = outbox.poll()) {
            transport.send(MASTER, frame);
            work++;
        }
        if (threads != null && nowNanos - lastWatchNanos > WATCH_NANOS) {
            lastWatchNanos = nowNanos;
            threads.watch(nowNanos);
        }
        return work;
    }

    @Override
    public Urgency urgency() {
        return threads == null || threads.idle() ? Urgency.HIGH : Urgency.LOW;
    }

    @Override
    public void failed(Throwable cause) {
        stopThreads();
        transport.close();
        ended.completeExceptionally(cause);
    }

    @Override
    public void onPeerLost(int peer, String reason) {
        if (peer == MASTER) {
            end("the master was lost: " + reason);
        }
    }

    @Override
    public void onFrame(int peer, ByteBuffer frame) {
        Message message = Message.read(frame);
        if (message instanceof Message.Chunk chunk) {
            evaluate(chunk);
        } else if (message instanceof Message.Define define) {
            calls.put(define.call(), new DefinedCall(define, serialization));
        } else if (message instanceof Message.Forget forget) {
            calls.remove(forget.call());
        } else if (message instanceof Message.Withdraw withdraw) {
            withdraw(withdraw.chunk());
        } else if (message instanceof Message.Share share) {
            sharedValues.put(share.number(), share.value());
        } else if (message instanceof Message.Unshare unshare) {
            sharedValues.remove(unshare.number());
        } else if (message instanceof Message.Welcome welcome) {
            begin(welcome);
        } else if (message instanceof Message.Stop stop) {
            end(stop.failure());
        } else {
            throw new IllegalStateException("a message that no worker gets: " + message);
        }
    }

    private void begin(Message.Welcome welcome) {
        number = welcome.worker();
        threads = new EvaluationThreads(welcome.threads(), loader, this::answer);
        if (welcome.initializer().length == 0) {
            send(new Message.Ready(""));
        } else {
            // not on this thread: it is code of the user
            Thread initializer = new Thread(() -> post(new Message.Ready(initialize(welcome.initializer()))));
            initializer.setName("astropool-initializer");
            initializer.setDaemon(true);
            initializer.setContextClassLoader(loader);
            initializer.start();
        }
    }

    @SuppressWarnings("unchecked") // the pool's API guarantees the type
    private String initialize(byte[] initializer) {
        try {
            Object function = serialization.read(initializer);
            ((TaskFunction<Long, Object>) java.util.Objects.requireNonNull(function)).apply((long) number);
            return "";
        } catch (Throwable t) { // whatever it is, the master must hear of it
            return t.toString();
        }
    }

    private void evaluate(Message.Chunk chunk) {
        DefinedCall call = calls.get(chunk.call());
        if (call == null || threads == null) {
            throw new IllegalStateException(
                    "chunk " + chunk.chunk() + " of call " + chunk.call() + " came before its definition");
        }
        threads.evaluate(new Evaluation(chunk, call, number));
    }

    private void withdraw(long chunk) {
        if (threads != null) {
            Evaluation waiting = threads.withdraw(chunk);
            if (waiting != null) {
                waiting.cancel();
                send(waiting.answer(threads.abandoned()));
            }
        }
    }

    /** Called by evaluation threads. */
    private void answer(Evaluation evaluation, int abandonedThreads) {
        ByteBuffer frame;
        try {
            frame = encode(evaluation.answer(abandonedThreads));
        } catch (FrameTooLargeException e) {
            frame = encode(evaluation.answerWithout(e, abandonedThreads));
        }
        outbox.add(frame);
        // While further chunks wait here, the master waits for nothing: answers may leave in groups, without a wake-up
        // each.
        if (!communication.looksByItself() || threads == null || !threads.hasWaiting()) {
            communication.wakeUp();
        }
    }

    private void post(Message message) {
        outbox.add(encode(message));
        communication.wakeUp();
    }

    private void send(Message message) {
        transport.send(MASTER, encode(message));
    }

    private ByteBuffer encode(Message message) {
        long bytes = message.bytes();
        if (bytes > transport.maxFrameBytes()) {
            throw new FrameTooLargeException(bytes, transport.maxFrameBytes());
        }
        ByteBuffer frame = transport.acquire((int) bytes);
        message.write(frame);
        return frame.flip();
    }

    private void end(String failure) {
        stopThreads();
        communication.remove(this);
        transport.close();
        ended.complete(failure);
    }

    private void stopThreads() {
        if (threads != null) {
            threads.stop();
        }
    }
}
