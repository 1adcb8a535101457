package org.astropool.transport.hazelcast;

import com.hazelcast.topic.ITopic;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.astropool.transport.ChannelTransport;
import org.astropool.transport.PeerLink;
import org.jspecify.annotations.Nullable;

/**
 * The two directions between a master and one of its workers, as one of both sees them. Thread-safe; what arrives comes on
 * one thread.
 */
final class Session implements PeerLink {
    /** The last frame of a worker that leaves as agreed. */
    static final int FAREWELL = -1;
    /** The first frame of the master: the worker's number, how many peers there were at the start, the first channel. */
    static final int ADMISSION = -2;
    /** The last frame of a master that has given the worker up. */
    static final int DISMISSAL = -3;

    private final SealedFrames outgoing;
    private final SealedFrames incoming;
    private final Way way;

    /** Hands bytes to Hazelcast, and calls back when they have left this process. */
    interface Way {
        void send(byte[] bytes, Runnable left);
    }

    private Session(byte[] outgoingKey, byte[] incomingKey, Way way) {
        this.outgoing = new SealedFrames(outgoingKey);
        this.incoming = new SealedFrames(incomingKey);
        this.way = way;
    }

    static Session ofMaster(Secret secret, byte[] workerNonce, byte[] masterNonce, Way way) {
        return new Session(toWorker(secret, workerNonce, masterNonce), toMaster(secret, workerNonce, masterNonce), way);
    }

    static Session ofWorker(Secret secret, byte[] workerNonce, byte[] masterNonce, Way way) {
        return new Session(toMaster(secret, workerNonce, masterNonce), toWorker(secret, workerNonce, masterNonce), way);
    }

    private static byte[] toWorker(Secret secret, byte[] workerNonce, byte[] masterNonce) {
        return secret.hmac().of("to worker", workerNonce, masterNonce);
    }

    private static byte[] toMaster(Secret secret, byte[] workerNonce, byte[] masterNonce) {
        return secret.hmac().of("to master", workerNonce, masterNonce);
    }

    /** The topic on which the master writes to a worker. */
    static String topicToWorker(String session) {
        return "worker " + session;
    }

    /** The topic on which a worker writes to the master, once it is admitted. */
    static String topicToMaster(String session) {
        return "master " + session;
    }

    @Override
    public void send(ChannelTransport owner, ByteBuffer frame) {
        owner.sendStarted();
        if (owner.isClosed()) {
            owner.sendEnded();
        } else {
            send(owner.channel(), frame, owner::sendEnded);
        }
    }

    /** Numbers and frames leave in the same order. */
    synchronized void send(int channel, ByteBuffer frame, Runnable left) {
        way.send(outgoing.seal(channel, frame), left);
    }

    /** Null for what is not genuine, or came before. */
    SealedFrames.@Nullable Opened open(byte[] bytes) {
        return incoming.open(bytes);
    }

    /** A topic's listener that takes byte arrays. Whatever else was published is never looked at by Java's serialization. */
    static void listen(ITopic<Object> topic, Consumer<byte[]> receiver, Runnable otherwise) {
        topic.addMessageListener(message -> {
            Object object;
            try {
                object = message.getMessageObject();
            } catch (RuntimeException e) { // an object of a class that is not admitted
                otherwise.run();
                return;
            }
            if (object instanceof byte[] bytes) {
                receiver.accept(bytes);
            } else {
                otherwise.run();
            }
        });
    }
}
