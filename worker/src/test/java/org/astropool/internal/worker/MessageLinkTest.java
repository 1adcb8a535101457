package org.astropool.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.astropool.internal.protocol.Message;
import org.astropool.internal.protocol.ProtocolException;
import org.astropool.internal.protocol.ToMaster;
import org.astropool.internal.protocol.ToWorker;
import org.astropool.internal.protocol.ValueBlock;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.FrameHandler;
import org.astropool.internal.transport.PeerLoss;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.transport.local.LocalCarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageLinkTest {
    private final CommunicationThread unused = new CommunicationThread("test", false);
    private final List<LocalCarrier> ends = LocalCarrier.network(unused, unused);
    private final Transport here = ends.get(0).openNext();
    private final Transport there = ends.get(1).openNext();
    private final MessageLink toWorker = new MessageLink(here, 1);
    private final MessageLink toMaster = new MessageLink(there, 0);

    static Stream<ToWorker> messagesToAWorker() {
        return Stream.of(
                new Message.Welcome(1, 1, false, 1, new byte[0]),
                new Message.Define(1, 1, true, false, false, 0, 0, 0, new byte[0]),
                new Message.Forget(1),
                new Message.Share(1, ValueBlock.nothing(1)),
                new Message.Unshare(1),
                new Message.Chunk(1, 1, 1, 0, 1, List.of()),
                new Message.Withdraw(1, true),
                new Message.Stop(""));
    }

    static Stream<ToMaster> messagesToTheMaster() {
        return Stream.of(
                new Message.Hello(Message.VERSION, "1", "host", 1, "0", 1, "", 1),
                new Message.Ready(""),
                Message.Result.nothing(1),
                new Message.ChunkLost(1, "reason", ""),
                new Message.Leave());
    }

    @ParameterizedTest
    @MethodSource("messagesToAWorker")
    void aWorkerAcceptsWhatAMasterSendsAndNothingElse(ToWorker message) {
        assertThat(toMaster.receiveFromMaster(sent(toWorker, there, message))).hasSameClassAs(message);
        assertThatThrownBy(() -> toMaster.receiveFromWorker(sent(toWorker, there, message)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(
                        "a " + message.getClass().getSimpleName() + " message, which never travels in this direction");
    }

    @ParameterizedTest
    @MethodSource("messagesToTheMaster")
    void aMasterAcceptsWhatAWorkerSendsAndNothingElse(ToMaster message) {
        assertThat(toWorker.receiveFromWorker(sent(toMaster, here, message))).hasSameClassAs(message);
        assertThatThrownBy(() -> toWorker.receiveFromMaster(sent(toMaster, here, message)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(message.getClass().getSimpleName());
    }

    @Test
    void aHeartbeatRequiresNoActionInEitherDirection() {
        assertThat(toMaster.receiveFromMaster(sent(toWorker, there, new Message.Heartbeat())))
                .isNull();
        assertThat(toWorker.receiveFromWorker(sent(toMaster, here, new Message.Heartbeat())))
                .isNull();
    }

    /** The frame as it arrives at the other end. */
    private static ByteBuffer sent(MessageLink link, Transport receiver, Message message) {
        link.send(message);
        List<ByteBuffer> frames = new ArrayList<>();
        receiver.poll(new FrameHandler() {
            @Override
            public void onFrame(int peer, ByteBuffer frame) {
                frames.add(frame);
            }

            @Override
            public void onPeerLost(int peer, PeerLoss loss) {
                throw new AssertionError(loss);
            }
        });
        assertThat(frames).hasSize(1);
        return frames.get(0);
    }
}
