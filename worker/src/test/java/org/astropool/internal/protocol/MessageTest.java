package org.astropool.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.astropool.task.FailureKind;
import org.astropool.task.TaskFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessageTest {
    private static final Serialization SERIALIZATION = new Serialization(MessageTest.class.getClassLoader());

    static Stream<Message> messages() throws UnserializableException {
        ValueBlock doubles = ValueBlock.pack(List.of(1.0, -0.0, Double.NaN));
        ValueBlock vectors = ValueBlock.pack(List.of(new double[] {1, 2}, new double[] {3, 4}));
        ValueBlock objects = ValueBlock.pack(Arrays.asList("text", null, List.of(1)));
        ValueBlock bytes = ValueBlock.pack(List.of(new byte[] {1}, new byte[300]));
        OutcomeBlock mixed = new OutcomeBlock(
                new float[] {1, 2, 3},
                Arrays.asList(
                        null,
                        new NoResult.Failed(TaskFailure.of(
                                FailureKind.TIMEOUT, "zu spät", new TaskFailure.Thrown("java.lang.Exception", "at x"))),
                        new NoResult.Skipped("not for me")),
                ValueBlock.pack(List.of(5L)));
        return Stream.of(
                new Message.Hello(Message.VERSION, "1.2.3", "näme", 42, "0-3,8", 7, "user code", 4),
                new Message.Leave(),
                new Message.Welcome(3, 16, true, 10_000_000_000L, new byte[] {1, 2, 3}),
                new Message.ChunkLost(9, "ended by signal 11", "# SIGSEGV"),
                new Message.Heartbeat(),
                new Message.Ready("the initializer threw"),
                new Message.Define(5, 64, true, false, true, 1_000_000, -7, 6, new byte[] {9}),
                new Message.Forget(5),
                new Message.Share(1, vectors),
                new Message.Unshare(1),
                new Message.Chunk(5, 1L << 40, 2, 1L << 50, 8, List.of(doubles, vectors, objects, bytes)),
                new Message.Withdraw(77, true),
                new Message.Cancel(77, 1L << 40, true),
                new Message.Result(77, 9_876, 123_456_789, 1, true, mixed),
                new Message.ClassWanted(6, "org.example.Näme"),
                new Message.ClassBytes(6, "A", new byte[] {7, 8}),
                new Message.Stop(""));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsRead(Message message) {
        byte[] frame = write(message);

        Message read = Message.read(buffer(frame));

        assertThat(read).hasSameClassAs(message);
        assertThat(write(read)).isEqualTo(frame);
    }

    /** Written down from release to release: a change here is a change of the protocol's version. */
    static Stream<Arguments> layouts() throws UnserializableException {
        ValueBlock vectors = ValueBlock.pack(List.of(new double[] {1, 2}, new double[] {3, 4}));
        ValueBlock doubles = ValueBlock.pack(List.of(1.5, -0.0));
        ValueBlock bytes = ValueBlock.pack(List.of(new byte[] {1}, new byte[0]));
        OutcomeBlock mixed = new OutcomeBlock(
                new float[] {1, 2, 3},
                Arrays.asList(
                        null,
                        new NoResult.Failed(
                                TaskFailure.of(FailureKind.TIMEOUT, "zu spät", new TaskFailure.Thrown("E", "at x"))),
                        new NoResult.Skipped("no")),
                ValueBlock.pack(List.of(5L)));
        return Stream.of(
                Arguments.of(
                        new Message.Hello(Message.VERSION, "1.2", "näme", 42, "0-3", 7, "c", 4),
                        "00 07000000 03000000312e32 050000006ec3a46d65 2a00000000000000 03000000302d33 07000000"
                                + "0100000063 04000000"),
                Arguments.of(
                        new Message.Welcome(3, 16, true, 10_000_000_000L, new byte[] {1, 2, 3}),
                        "01 03000000 10000000 01 00e40b5402000000 03000000010203"),
                Arguments.of(new Message.Ready("it threw"), "02 080000006974207468726577"),
                Arguments.of(
                        new Message.Define(5, 64, true, false, true, 1_000_000, -7, 6, new byte[] {9}),
                        "03 05000000 40000000 01 00 01 40420f0000000000 f9ffffffffffffff 06000000 0100000009"),
                Arguments.of(new Message.Forget(5), "04 05000000"),
                Arguments.of(
                        new Message.Share(1, vectors),
                        "05 01000000 03 02000000 02000000 000000000000f03f 0000000000000040 0000000000000840"
                                + "0000000000001040"),
                Arguments.of(new Message.Unshare(258), "06 02010000"),
                Arguments.of(
                        new Message.Chunk(5, 1L << 40, 2, 1L << 50, 4, List.of(doubles, bytes)),
                        "07 05000000 0000000000010000 02000000 0000000000000400 04000000 02000000"
                                + "01 02000000 01000000 000000000000f83f 0000000000000080"
                                + "06 02000000 00000000 0100000001 00000000"),
                Arguments.of(new Message.Withdraw(77, true), "08 4d00000000000000 01"),
                Arguments.of(
                        new Message.Result(77, 9_876, 123_456_789, 1, true, mixed),
                        "09 4d00000000000000 9426000000000000 15cd5b0700000000 01000000 01"
                                + "03000000 0000803f 00000040 00004040 01 fe"
                                + "01 0100000045 080000007a75207370c3a474 0400000061742078"
                                + "ff 00000000 020000006e6f 00000000"
                                + "02 01000000 01000000 0500000000000000"),
                Arguments.of(new Message.Stop("full"), "0a 0400000066756c6c"),
                Arguments.of(
                        new Message.ChunkLost(9, "signal 11", "# SIGSEGV"),
                        "0b 0900000000000000 090000007369676e616c203131 090000002320534947534547 56"),
                Arguments.of(new Message.Heartbeat(), "0c"),
                Arguments.of(new Message.Leave(), "0d"),
                Arguments.of(new Message.Cancel(77, 258, true), "0e 4d00000000000000 0201000000000000 01"),
                Arguments.of(new Message.ClassWanted(6, "a.B"), "0f 06000000 03000000612e42"),
                Arguments.of(
                        new Message.ClassBytes(6, "a.B", new byte[] {7}), "10 06000000 03000000612e42 0100000007"));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void theLayoutOfEachMessageStaysAsItIs(Message message, String hex) {
        String bytes = hex.replace(" ", "");

        assertThat(HexFormat.of().formatHex(write(message))).isEqualTo(bytes);
        assertThat(write(Message.read(buffer(HexFormat.of().parseHex(bytes))))).isEqualTo(write(message));
    }

    @Test
    void everyTypeOfMessageIsAmongThoseThatAreTested() throws UnserializableException {
        assertThat(messages().map(Message::type)).containsExactlyInAnyOrder(MessageType.values());
        assertThat(layouts().map(layout -> ((Message) layout.get()[0]).type())).containsExactly(MessageType.values());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void theSizeIsKnownBeforeWriting(Message message) {
        assertThat(write(message)).hasSize((int) message.bytes());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aFrameThatEndsTooEarlyIsAProtocolError(Message message) {
        byte[] frame = write(message);
        for (int length = 0; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            assertThatThrownBy(() -> Message.read(buffer(cut))).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void noDamagedFrameCausesMoreThanAProtocolError() throws UnserializableException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> frames = messages().map(MessageTest::write).toList();
        for (int i = 0; i < 50_000; i++) {
            byte[] damaged = frames.get(random.nextInt(frames.size())).clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                Message.read(buffer(damaged));
            } catch (ProtocolException expected) {
                // the only exception that damage may cause
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed + ": " + t, t);
            }
        }
    }

    @Test
    void valuesKeepTheirTypeAndBits() throws Exception {
        List<Object> values = List.of(1.5, 2L, "three", List.of(4.0));
        ValueBlock block = roundTrip(ValueBlock.pack(values));

        for (int i = 0; i < values.size(); i++) {
            assertThat(block.get(i, SERIALIZATION)).isEqualTo(values.get(i));
        }
    }

    @Test
    void vectorsOfOneLengthArePackedAndSliced() throws Exception {
        ValueBlock block = ValueBlock.pack(List.of(new double[] {1, 2}, new double[] {3, 4}, new double[] {5, 6}));

        assertThat(block.kind()).isEqualTo(ValueBlock.Kind.DOUBLE_VECTOR);
        assertThat((double[]) roundTrip(block.slice(1, 3)).get(1, SERIALIZATION))
                .containsExactly(5, 6);
    }

    @Test
    void bytesTravelAsTheyAre() throws Exception {
        ValueBlock block = ValueBlock.pack(List.of(new byte[] {1, 2}, new byte[0], new byte[] {3}));

        assertThat(block.kind()).isEqualTo(ValueBlock.Kind.BYTES);
        assertThat(block.bytes()).as("a header of 9, and 4 before each").isEqualTo(9 + 3 * 4 + 3);
        assertThat((byte[]) roundTrip(block.slice(1, 3)).get(1, SERIALIZATION)).containsExactly(3);
        assertThat((byte[]) roundTrip(block).get(0, SERIALIZATION)).containsExactly(1, 2);
    }

    private static ValueBlock roundTrip(ValueBlock block) {
        ByteBuffer out = ByteBuffer.allocate((int) block.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        block.write(out);
        return ValueBlock.read(out.flip());
    }

    private static byte[] write(Message message) {
        ByteBuffer out = ByteBuffer.allocate((int) message.bytes() + 100).order(ByteOrder.LITTLE_ENDIAN);
        message.write(out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
