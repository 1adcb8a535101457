package org.astropool.internal.transport.hazelcast;

import com.hazelcast.internal.serialization.impl.SerializationConstants;
import com.hazelcast.topic.ITopic;
import com.hazelcast.topic.impl.DataAwareMessage;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.astropool.internal.transport.ChannelTransport;
import org.astropool.internal.transport.PeerLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two directions between a master and one of its workers, as seen from one side. Thread-safe; what arrives comes on
 * one thread.
 */
final class Session implements PeerLink {
    /** The last frame of a worker that leaves. */
    static final int FAREWELL = -1;
    /**
     * The first frame of the master: the worker's number, how many peers there were at the start, the first channel.
     */
    static final int ADMISSION = -2;
    /** The last frame of a master that has given up the worker. */
    static final int DISMISSAL = -3;

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final NumberedFrames outgoing = new NumberedFrames();
    private final NumberedFrames incoming = new NumberedFrames();
    private final Way way;

    /** Hands bytes to Hazelcast, and calls back when they have left this process. */
    interface Way {
        void send(byte[] bytes, Runnable left);
    }

    Session(Way way) {
        this.way = way;
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
        way.send(outgoing.pack(channel, frame), left);
    }

    /** Null for anything that is not a frame, or was received before. */
    NumberedFrames.@Nullable Opened open(byte[] bytes) {
        return incoming.open(bytes);
    }

    /** Listens to byte arrays. Anything else that is published is dropped without being deserialized. */
    static void listen(ITopic<Object> topic, Consumer<byte[]> receiver) {
        topic.addMessageListener(message -> {
            if (message instanceof DataAwareMessage sealed
                    && sealed.getMessageData().getType() == SerializationConstants.CONSTANT_TYPE_BYTE_ARRAY
                    && message.getMessageObject() instanceof byte[] bytes) {
                receiver.accept(bytes);
            } else {
                LOG.debug("something other than a frame was published to a topic, and was dropped");
            }
        });
    }
}
