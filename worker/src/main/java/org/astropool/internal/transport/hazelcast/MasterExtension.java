package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.impl.protocol.ClientMessage;
import com.hazelcast.client.impl.protocol.util.ClientMessageDecoder;
import com.hazelcast.client.impl.protocol.util.ClientMessageEncoder;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.networking.ChannelOption;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerContext;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Hazelcast's member as the master uses it. A connection begins with a {@link Handshake}, and goes on as encrypted
 * records of Hazelcast's client protocol, of which only the {@link AdmittedMessages} are let through. The protocols of
 * members, REST and memcached do not exist on its port.
 */
final class MasterExtension extends DefaultNodeExtension {
    private static final int BUFFER_BYTES = 1 << 17;

    private final ConnectionAdmission doorkeeper;
    private final Node member;

    MasterExtension(Node member, ConnectionAdmission doorkeeper) {
        super(member);
        this.member = member;
        this.doorkeeper = doorkeeper;
    }

    @Override
    public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(ServerContext context) {
        return qualifier -> channel -> initialize(channel, context);
    }

    private void initialize(Channel channel, ServerContext context) {
        channel.options()
                .setOption(ChannelOption.DIRECT_BUF, false)
                .setOption(ChannelOption.TCP_NODELAY, true)
                .setOption(ChannelOption.SO_KEEPALIVE, true)
                .setOption(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
                .setOption(ChannelOption.SO_RCVBUF, BUFFER_BYTES);
        ServerConnection connection = Objects.requireNonNull(
                (ServerConnection) channel.attributeMap().get(ServerConnection.class), "the channel's connection");
        ConnectionAdmission.Visitor visitor = doorkeeper.arrived(connection);
        Consumer<ClientMessage> receiver = message -> {
            if (AdmittedMessages.contains(message.getMessageType())) {
                context.getClientEngine().accept(message);
            } else {
                visitor.sentMessage(message.getMessageType());
            }
        };
        RecordEncoder encoder = new RecordEncoder();
        channel.outboundPipeline().addLast(new ClientMessageEncoder(), encoder);
        channel.inboundPipeline()
                .addLast(new HandshakeHandler(
                        Handshake.ofMaster(doorkeeper.secret()),
                        true,
                        encoder,
                        () -> List.of(
                                new MessageGuard(visitor::sentTooMuch),
                                new ClientMessageDecoder(connection, receiver, member.getProperties())),
                        visitor));
    }
}
