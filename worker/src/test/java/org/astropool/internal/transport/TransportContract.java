package org.astropool.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.astropool.internal.transport.ContractPeer.Order;
import org.astropool.internal.transport.TestChannel.Received;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every carrier promises, seen from peer 0 of three. The other two are {@link ContractPeer}s, in this process or
 * in others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TransportContract {
    private static final int PEERS = 3;
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private Carrier carrier;
    private TestChannel orders;

    /** The carrier of peer 0; the others have their {@link ContractPeer}s. */
    protected abstract Carrier join() throws Exception;

    /** Called after everybody has left. */
    protected void left() throws Exception {}

    @BeforeAll
    void joinTheOthers() throws Exception {
        carrier = join();
        orders = new TestChannel(carrier);
    }

    @AfterAll
    void endTheOthers() throws Exception {
        orderAll(Order.END);
        orders.close();
        carrier.close();
        left();
    }

    @Test
    void peersAreNumberedFromZero() {
        assertThat(carrier.rank()).isZero();
        assertThat(carrier.size()).isEqualTo(PEERS);
        assertThat(orders.transport().self()).isZero();
        assertThat(orders.transport().size()).isEqualTo(PEERS);
        assertThat(carrier.description()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2047, 2048, 2049, 4096, 4097, 65_536, MIB + 1, 16 * MIB})
    void framesOfAllSizesArriveWhole(int bytes) throws Exception {
        try (TestChannel channel = openEverywhere()) {
            byte[] sent = ContractPeer.frame(bytes, bytes);
            channel.send(1, sent);
            Received answer = channel.take();
            assertThat(answer.peer()).isEqualTo(1);
            assertThat(answer.bytes()).isEqualTo(sent);
        }
    }

    @Test
    void framesOfAPairKeepTheirOrder() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        try (TestChannel channel = openEverywhere()) {
            for (int i = 0; i < 3000; i++) {
                // small ones overtake large ones in a carrier that sends them in different ways
                byte[] frame = ContractPeer.frame(i, 4 + random.nextInt(i % 10 == 0 ? 100_000 : 100));
                sent.add(frame);
                channel.send(1, frame);
                channel.send(2, frame);
            }
            List<List<byte[]>> back = List.of(List.of(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 2 * sent.size(); i++) {
                Received frame = channel.take();
                back.get(frame.peer()).add(frame.bytes());
            }
            for (int peer = 1; peer < PEERS; peer++) {
                for (int i = 0; i < sent.size(); i++) {
                    assertThat(back.get(peer).get(i))
                            .as("seed %d, peer %d, frame %d", seed, peer, i)
                            .isEqualTo(sent.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 5000})
    void thousandsOfFramesUnderWayInBothDirectionsDoNotBlockEachOther(int bytes) throws Exception {
        int frames = 5000;
        try (TestChannel channel = open(frames, bytes)) {
            for (int i = 0; i < frames; i++) {
                channel.send(1 + i % 2, ContractPeer.frame(i, bytes));
            }
            for (int i = 0; i < 2 * frames + frames; i++) { // what each of both sent, and the echoes
                assertThat(channel.take().bytes()).hasSize(bytes);
            }
            assertThat(channel.hasReceivedNothing()).isTrue();
        }
    }

    @Test
    void sendingToAPeerThatDoesNotListenReturnsAtOnce() throws Exception {
        int frames = 300;
        Path signal = folder.resolve("listen");
        byte[] frame = new byte[MIB];
        try (TestChannel channel = openEverywhere()) {
            orders.send(1, ContractPeer.order(Order.BE_DEAF, signal));
            orders.take();
            channel.call(() -> {
                for (int i = 0; i < frames; i++) {
                    Transport transport = channel.transport();
                    transport.send(1, transport.acquire(frame.length).put(frame).flip());
                }
                return null;
            });
            Files.createFile(signal); // never reached when a send waits for its receiver
            for (int i = 0; i < frames; i++) {
                assertThat(channel.take().bytes()).hasSize(frame.length);
            }
            channel.awaitSent();
        }
    }

    @Test
    void channelsDoNotMix() throws Exception {
        try (TestChannel first = openEverywhere();
                TestChannel second = openEverywhere()) {
            for (int i = 0; i < 100; i++) {
                first.send(1, new byte[] {1});
                second.send(1, new byte[] {2});
            }
            for (int i = 0; i < 100; i++) {
                assertThat(first.take().bytes()).containsExactly(1);
                assertThat(second.take().bytes()).containsExactly(2);
            }
        }
    }

    @Test
    void framesForAChannelThatIsNotOpenYetAreKept() throws Exception {
        orderAll(Order.OPEN, 10, 100);
        try (TestChannel channel = new TestChannel(carrier)) {
            for (int i = 0; i < 20; i++) {
                assertThat(channel.take().bytes()).hasSize(100);
            }
        }
    }

    @Test
    void whatComesForAClosedChannelIsDropped() throws Exception {
        TestChannel first = open(100, 100);
        first.send(1, new byte[] {1});
        first.close();
        first.close();
        first.call(() -> {
            first.transport().send(1, first.transport().acquire(0));
            return null;
        });
        try (TestChannel second = openEverywhere()) {
            second.send(1, new byte[] {2});
            assertThat(second.take().bytes()).containsExactly(2);
            assertThat(second.hasReceivedNothing()).isTrue();
        }
    }

    @Test
    void aFrameToOneselfIsRefused() throws Exception {
        Transport transport = orders.transport();
        orders.call(() -> assertThatThrownBy(() -> transport.send(0, transport.acquire(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("itself"));
    }

    @Test
    void aFrameAboveTheLimitIsRefused() {
        Transport transport = orders.transport();
        assertThatThrownBy(() -> transport.acquire(transport.maxFrameBytes() + 1))
                .isInstanceOf(FrameTooLargeException.class)
                .hasMessageContaining(String.valueOf(transport.maxFrameBytes()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 3000})
    void buffersAreEmptyAndLittleEndian(int bytes) {
        Transport transport = orders.transport();
        var buffer = transport.acquire(bytes);
        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(buffer.capacity()).isGreaterThanOrEqualTo(bytes);
        assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        transport.release(buffer);
    }

    @Test
    void anIdleTransportHasNothingToDo() throws Exception {
        assertThat(orders.call(() -> orders.transport().poll((peer, frame) -> {})))
                .isZero();
        orders.awaitSent();
    }

    private TestChannel openEverywhere() throws Exception {
        return open(0, 0);
    }

    /** Opens the next channel at all peers; the others begin with this many frames of this many bytes. */
    private TestChannel open(int frames, int bytes) throws Exception {
        TestChannel channel = new TestChannel(carrier);
        orderAll(Order.OPEN, frames, bytes);
        return channel;
    }

    private void orderAll(Order order, Object... arguments) throws Exception {
        for (int peer = 1; peer < PEERS; peer++) {
            orders.send(peer, ContractPeer.order(order, arguments));
        }
        for (int peer = 1; peer < PEERS; peer++) {
            orders.take();
        }
    }
}
