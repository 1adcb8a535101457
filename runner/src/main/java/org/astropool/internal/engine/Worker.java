package org.astropool.internal.engine;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.ToMaster;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.worker.MessageLink;
import org.astropool.pool.WorkerInfo;
import org.jspecify.annotations.Nullable;

/** A worker as the master sees it. Belongs to the communication thread. */
final class Worker {
    private final MessageLink link;
    private final int number;
    private final Set<Integer> definedCalls = new HashSet<>();
    private Message.@Nullable Hello hello;
    private int threads;
    private boolean welcomed;
    private long awaitedSince;
    private boolean ready;
    private boolean leaving;
    private int abandoned;
    private volatile long evaluated;
    private volatile long preparingNanos;
    private volatile long busyNanos;
    private volatile boolean lost;

    Worker(Transport transport, int peer, int number) {
        this.link = new MessageLink(transport, peer);
        this.number = number;
    }

    int number() {
        return number;
    }

    void hello(Message.Hello message) {
        hello = message;
    }

    boolean saidHello() {
        return hello != null;
    }

    Message.Hello hello() {
        if (hello == null) {
            throw new IllegalStateException("worker " + number + " has not reported yet");
        }
        return hello;
    }

    String host() {
        return hello().host();
    }

    /** Tells the worker that it is one of us. */
    void welcome(int evaluationThreads, boolean isolated, long leaseNanos, byte[] initializer) {
        threads = evaluationThreads;
        welcomed = true;
        send(new Message.Welcome(number, evaluationThreads, isolated, leaseNanos, initializer));
    }

    /** Whether it has been told the lease, and so gives signs of life. */
    boolean isWelcomed() {
        return welcomed;
    }

    /** For how long its report has been awaited, in nanoseconds: since the first call. */
    long awaited(long nowNanos) {
        if (awaitedSince == 0) {
            awaitedSince = nowNanos;
        }
        return nowNanos - awaitedSince;
    }

    /** See {@link MessageLink#receiveFromWorker}. */
    @Nullable
    ToMaster receive(ByteBuffer frame) {
        return link.receiveFromWorker(frame);
    }

    /** See {@link MessageLink#tick}. */
    long tick(long nowNanos, long leaseNanos) {
        return link.tick(nowNanos, leaseNanos);
    }

    int threads() {
        return threads;
    }

    boolean isReady() {
        return ready;
    }

    void setReady() {
        ready = true;
    }

    /** Whether it gets no more chunks. */
    boolean isLeaving() {
        return leaving;
    }

    void setLeaving() {
        leaving = true;
    }

    void setLost() {
        lost = true;
        ready = false;
    }

    /** How many of its threads the worker has abandoned since they hang. */
    int abandoned() {
        return abandoned;
    }

    void abandoned(int count) {
        abandoned = count;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the communication thread alone writes
    void count(int tasks, Message.Result result) {
        evaluated += tasks;
        preparingNanos += result.preparingNanos();
        busyNanos += result.busyNanos();
    }

    /** From any thread, once the worker is ready. */
    WorkerInfo info() {
        return new WorkerInfo(
                number, host(), hello().pid(), threads, evaluated, preparingNanos * 1e-9, busyNanos * 1e-9, lost);
    }

    /** Sends a chunk, and before the first of a call its definition. */
    void send(Message.Define definition, Message.Chunk chunk) {
        ByteBuffer frame = link.encode(chunk); // first, since a chunk that is too large must not leave anything behind
        if (definedCalls.add(definition.call())) {
            send(definition);
        }
        link.send(frame);
    }

    void forget(int call) {
        if (definedCalls.remove(call)) {
            send(new Message.Forget(call));
        }
    }

    void send(Message message) {
        link.send(message);
    }
}
