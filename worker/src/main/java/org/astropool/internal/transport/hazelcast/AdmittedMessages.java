package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.impl.protocol.codec.ClientAddClusterViewListenerCodec;
import com.hazelcast.client.impl.protocol.codec.ClientAuthenticationCodec;
import com.hazelcast.client.impl.protocol.codec.ClientCreateProxyCodec;
import com.hazelcast.client.impl.protocol.codec.ClientPingCodec;
import com.hazelcast.client.impl.protocol.codec.TopicAddMessageListenerCodec;
import com.hazelcast.client.impl.protocol.codec.TopicPublishCodec;
import com.hazelcast.client.impl.protocol.codec.TopicRemoveMessageListenerCodec;
import java.util.Set;

/**
 * The kinds of client messages that a worker needs, of some 470 that a member of Hazelcast answers: to introduce
 * itself, to stay in touch, and to publish to topics and listen to them. A worker that knows the secret cannot send any
 * other.
 */
final class AdmittedMessages {
    private static final Set<Integer> TYPES = Set.of(
            ClientAuthenticationCodec.REQUEST_MESSAGE_TYPE,
            ClientPingCodec.REQUEST_MESSAGE_TYPE,
            ClientAddClusterViewListenerCodec.REQUEST_MESSAGE_TYPE,
            ClientCreateProxyCodec.REQUEST_MESSAGE_TYPE,
            TopicPublishCodec.REQUEST_MESSAGE_TYPE,
            TopicAddMessageListenerCodec.REQUEST_MESSAGE_TYPE,
            TopicRemoveMessageListenerCodec.REQUEST_MESSAGE_TYPE);

    private AdmittedMessages() {}

    static boolean contains(int messageType) {
        return TYPES.contains(messageType);
    }
}
