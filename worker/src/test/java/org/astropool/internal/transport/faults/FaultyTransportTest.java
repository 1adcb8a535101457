package org.astropool.internal.transport.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.astropool.internal.transport.CommunicationThread;
import org.astropool.internal.transport.Transport;
import org.astropool.internal.transport.local.LocalCarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three peers on one thread; the first one has the faults, and a clock that stands still until it is moved. */
class FaultyTransportTest {
    private static final int FRAMES = 2000;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000); // a clock that overflows on its way
    private final List<String> signals = new ArrayList<>();
    private final List<LocalCarrier> network;
    private final List<Transport> receivers = new ArrayList<>();

    FaultyTransportTest() {
        CommunicationThread thread = new CommunicationThread("nobody", false);
        network = LocalCarrier.network(thread, thread, thread);
    }

    private FaultyTransport faulty(String plan) {
        receivers.clear();
        FaultyTransport faulty = new FaultyTransport(
                network.get(0).openNext(),
                FaultPlan.parse(plan),
                new ProcessSignals() {
                    @Override
                    public void kill() {
                        signals.add("kill");
                    }

                    @Override
                    public void stop(Duration time) {
                        signals.add("stop " + time.toMillis());
                    }
                },
                nanos::get);
        receivers.add(network.get(1).openNext());
        receivers.add(network.get(2).openNext());
        return faulty;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void someFramesAreDropped(long seed) {
        FaultyTransport faulty = faulty("drop=0.1 seed=" + seed);

        send(faulty, 1, FRAMES);

        List<Integer> received = received(1);
        assertThat(received).isSorted().doesNotHaveDuplicates();
        assertThat(received.size()).isEqualTo(FRAMES - (int) faulty.count(Fault.DROP));
        assertThat(received.size() / (double) FRAMES).isCloseTo(0.9, within(0.03));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void someFramesComeTwice(long seed) {
        FaultyTransport faulty = faulty("duplicate=0.1 seed=" + seed);

        send(faulty, 1, FRAMES);

        List<Integer> received = received(1);
        assertThat(received).isSorted().hasSize(FRAMES + (int) faulty.count(Fault.DUPLICATE));
        assertThat(received.stream().distinct()).hasSize(FRAMES);
        assertThat(faulty.count(Fault.DUPLICATE) / (double) FRAMES).isCloseTo(0.1, within(0.03));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void oneBitOfSomeFramesIsFlipped(long seed) {
        FaultyTransport faulty = faulty("corrupt=0.1 seed=" + seed);

        send(faulty, 1, FRAMES);

        List<Integer> received = received(1);
        List<Integer> flipped = IntStream.range(0, FRAMES)
                .mapToObj(i -> Integer.bitCount(received.get(i) ^ i))
                .toList();
        assertThat(flipped).containsOnly(0, 1);
        assertThat(Collections.frequency(flipped, 1)).isEqualTo((int) faulty.count(Fault.CORRUPT));
        assertThat(faulty.count(Fault.CORRUPT) / (double) FRAMES).isCloseTo(0.1, within(0.03));
    }

    @Test
    void emptyFrameHasNoBitToFlip() {
        FaultyTransport faulty = faulty("corrupt=1");

        faulty.send(1, faulty.acquire(0));

        assertThat(faulty.count(Fault.CORRUPT)).isZero();
        assertThat(received(1)).containsExactly(-1);
    }

    @Test
    void delayedFrameHoldsUpThoseBehindItAndNoOtherPeer() {
        FaultyTransport faulty = faulty("delay=0.02:5ms seed=4");

        send(faulty, 1, FRAMES);
        List<Integer> atOnce = received(1);
        assertThat(atOnce).isNotEmpty().hasSizeLessThan(FRAMES);
        assertThat(faulty.pendingSends()).isEqualTo(FRAMES - atOnce.size());
        send(faulty, 2, 1);
        assertThat(received(2)).hasSize(1);

        nanos.addAndGet(Duration.ofMillis(5).toNanos() - 1);
        assertThat(poll(faulty)).isZero();
        assertThat(received(1)).isEmpty();

        nanos.incrementAndGet();
        assertThat(poll(faulty)).isEqualTo(FRAMES - atOnce.size());
        assertThat(received(1))
                .isEqualTo(IntStream.range(atOnce.size(), FRAMES).boxed().toList());
        assertThat(faulty.pendingSends()).isZero();
    }

    @Test
    void orderIsKeptWhenEverythingHappensAtOnce() {
        FaultyTransport faulty = faulty("delay=0.3:5ms drop=0.1 duplicate=0.2 seed=9");
        List<Integer> received = new ArrayList<>();

        for (int i = 0; i < FRAMES; i++) {
            faulty.send(1, frame(faulty, i));
            nanos.addAndGet(Duration.ofMillis(1).toNanos());
            poll(faulty);
            received.addAll(received(1));
        }
        nanos.addAndGet(Duration.ofMillis(5).toNanos());
        poll(faulty);
        received.addAll(received(1));

        assertThat(received)
                .isSorted()
                .hasSize(FRAMES - (int) faulty.count(Fault.DROP) + (int) faulty.count(Fault.DUPLICATE));
    }

    @Test
    void delayedFramesToAnExpelledPeerAreForgotten() {
        FaultyTransport faulty = faulty("delay=1:5ms");
        send(faulty, 1, 10);
        send(faulty, 2, 10);

        faulty.expel(1);

        assertThat(faulty.pendingSends()).isEqualTo(10);
        faulty.close();
        assertThat(faulty.pendingSends()).isZero();
    }

    @Test
    void processIsKilledAndStopped() {
        FaultyTransport faulty = faulty("kill=0.001 stop=0.002:1500ms seed=5");

        send(faulty, 1, 10_000);

        assertThat(signals).contains("kill", "stop 1500").hasSizeBetween(15, 60);
        assertThat(Collections.frequency(signals, "kill")).isEqualTo((int) faulty.count(Fault.KILL));
        assertThat(Collections.frequency(signals, "stop 1500")).isEqualTo((int) faulty.count(Fault.STOP));
    }

    @Test
    void samePlanDoesTheSameToEachPeerWhateverTheOthersGet() {
        String plan = "drop=0.1 corrupt=0.1 duplicate=0.1 seed=11";
        FaultyTransport first = faulty(plan);
        send(first, 1, FRAMES);
        List<Integer> alone = received(1);

        FaultyTransport second = faulty(plan);
        for (int i = 0; i < FRAMES; i++) {
            second.send(2, frame(second, i));
            second.send(1, frame(second, i));
        }

        assertThat(received(1)).isEqualTo(alone);
        assertThat(received(2)).isNotEqualTo(alone);
    }

    @Test
    void otherFaultsDoNotMoveThoseOfOneKind() {
        FaultyTransport first = faulty("drop=0.1 seed=11");
        send(first, 1, FRAMES);
        List<Integer> dropsAlone = received(1);

        FaultyTransport second = faulty("drop=0.1 duplicate=0.5 seed=11");
        send(second, 1, FRAMES);

        assertThat(received(1).stream().distinct().toList()).isEqualTo(dropsAlone);
    }

    @Test
    void anotherSeedHasOtherFaults() {
        FaultyTransport first = faulty("drop=0.1 seed=1");
        send(first, 1, FRAMES);
        List<Integer> received = received(1);

        FaultyTransport second = faulty("drop=0.1 seed=2");
        send(second, 1, FRAMES);

        assertThat(received(1)).isNotEqualTo(received);
    }

    @Test
    void aFrameToOneselfIsRefusedWhateverThePlan() {
        FaultyTransport faulty = faulty("drop=1");

        assertThatThrownBy(() -> faulty.send(0, faulty.acquire(1))).isInstanceOf(IllegalArgumentException.class);
    }

    private static void send(Transport transport, int peer, int frames) {
        for (int i = 0; i < frames; i++) {
            transport.send(peer, frame(transport, i));
        }
    }

    private static ByteBuffer frame(Transport transport, int number) {
        return transport.acquire(Integer.BYTES).putInt(number).flip();
    }

    private static int poll(Transport transport) {
        return transport.poll((peer, frame) -> {});
    }

    /** The numbers of the frames that a peer has received since the last call; -1 for an empty frame. */
    private List<Integer> received(int peer) {
        Transport receiver = receivers.get(peer - 1);
        List<Integer> numbers = new ArrayList<>();
        int delivered;
        do {
            delivered = receiver.poll((sender, frame) -> numbers.add(frame.hasRemaining() ? frame.getInt() : -1));
        } while (delivered > 0);
        return numbers;
    }
}
