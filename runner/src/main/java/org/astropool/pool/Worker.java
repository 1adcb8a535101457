package org.astropool.pool;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.astropool.protocol.Message;
import org.astropool.transport.FrameTooLargeException;
import org.astropool.transport.Transport;
import org.jspecify.annotations.Nullable;

/** A worker as the master sees it. Belongs to the communication thread. */
final class Worker {
    private final Transport transport;
    private final int peer;
    private final int number;
    private final Set<Integer> definedCalls = new HashSet<>();
    private Message.@Nullable Hello hello;
    private int threads;
    private boolean ready;
    private int abandoned;
    private volatile long evaluated;
    private volatile long busyNanos;

    Worker(Transport transport, int peer, int number) {
        this.transport = transport;
        this.peer = peer;
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
    void welcome(int evaluationThreads, byte[] initializer) {
        threads = evaluationThreads;
        send(new Message.Welcome(number, evaluationThreads, initializer));
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

    /** How many of its threads the worker has abandoned since they hang. */
    int abandoned() {
        return abandoned;
    }

    void abandoned(int count) {
        abandoned = count;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the communication thread alone writes
    void count(int tasks, long nanos) {
        evaluated += tasks;
        busyNanos += nanos;
    }

    /** From any thread, once the worker is ready. */
    WorkerInfo info() {
        return new WorkerInfo(number, host(), hello().pid(), threads, evaluated, busyNanos * 1e-9);
    }

    /** Sends a chunk, and before the first of a call its definition. */
    void send(Message.Define definition, Message.Chunk chunk) {
        ByteBuffer frame = encode(chunk); // first, since a chunk that is too large must not leave anything behind
        if (definedCalls.add(definition.call())) {
            send(definition);
        }
        transport.send(peer, frame);
    }

    void forget(int call) {
        if (definedCalls.remove(call)) {
            send(new Message.Forget(call));
        }
    }

    void send(Message message) {
        transport.send(peer, encode(message));
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
}
