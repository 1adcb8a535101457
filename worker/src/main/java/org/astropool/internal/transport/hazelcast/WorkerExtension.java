package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.config.SocketOptions;
import com.hazelcast.client.impl.clientside.DefaultClientExtension;
import com.hazelcast.client.impl.clientside.HazelcastClientInstanceImpl;
import com.hazelcast.client.impl.connection.tcp.TcpClientConnection;
import com.hazelcast.client.impl.protocol.util.ClientMessageDecoder;
import com.hazelcast.client.impl.protocol.util.ClientMessageEncoder;
import com.hazelcast.config.SSLConfig;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.networking.ChannelOption;
import java.util.List;
import java.util.Objects;

/**
 * Hazelcast's client as a worker uses it: a connection begins with a {@link Handshake}, and goes on as encrypted
 * records. Hazelcast finds this class through {@link HazelcastClassLoader} and makes the instance; the worker's
 * {@link Identity} comes in the configuration's user context.
 */
public final class WorkerExtension extends DefaultClientExtension {

    /** What a connection needs from the worker that opens it. */
    interface Identity {
        /** Its key in the user context of a client's configuration. */
        String KEY = "org.astropool.identity";

        Secret secret();

        /** Before the client connects. */
        void started(HazelcastClientInstanceImpl client);

        /** The master refuses this worker, or is not a master of this run. */
        void failed(Handshake.FailedException failure);
    }

    /** For Hazelcast. */
    public WorkerExtension() {}

    @Override
    public void beforeStart(HazelcastClientInstanceImpl started) {
        super.beforeStart(started);
        identity().started(started);
    }

    private Identity identity() {
        HazelcastClientInstanceImpl owner = client;
        return Objects.requireNonNull(
                (Identity) owner.getClientConfig().getUserContext().get(Identity.KEY), Identity.KEY);
    }

    @Override
    public ChannelInitializer createChannelInitializer(SSLConfig ssl, SocketOptions options) {
        Identity identity = identity();
        return channel -> initialize(channel, options, identity);
    }

    private static void initialize(Channel channel, SocketOptions socket, Identity identity) {
        int bufferBytes = SocketOptions.KILO_BYTE * socket.getBufferSize();
        channel.options()
                .setOption(ChannelOption.SO_SNDBUF, bufferBytes)
                .setOption(ChannelOption.SO_RCVBUF, bufferBytes)
                .setOption(ChannelOption.SO_REUSEADDR, socket.isReuseAddress())
                .setOption(ChannelOption.SO_KEEPALIVE, socket.isKeepAlive())
                .setOption(ChannelOption.SO_LINGER, socket.getLingerSeconds())
                .setOption(ChannelOption.SO_TIMEOUT, 0)
                .setOption(ChannelOption.TCP_NODELAY, socket.isTcpNoDelay())
                .setOption(ChannelOption.DIRECT_BUF, false);
        TcpClientConnection connection = Objects.requireNonNull(
                (TcpClientConnection) channel.attributeMap().get(TcpClientConnection.class),
                "the channel's connection");
        HandshakeHandler.End end = new HandshakeHandler.End() {
            @Override
            public void proven() {
                // the messages of the client were waiting for this
            }

            @Override
            public void failed(Handshake.FailedException failure) {
                identity.failed(failure);
                connection.close(failure.getMessage(), null);
            }

            @Override
            public void forged() {
                connection.close("a record arrived that the master has not sent", null);
            }
        };
        RecordEncoder encoder = new RecordEncoder();
        channel.outboundPipeline().addLast(new ClientMessageEncoder(), encoder);
        channel.inboundPipeline()
                .addLast(new HandshakeHandler(
                        Handshake.ofWorker(identity.secret()),
                        false,
                        encoder,
                        () -> List.of(new ClientMessageDecoder(connection, connection::handleClientMessage, null)),
                        end));
    }
}
