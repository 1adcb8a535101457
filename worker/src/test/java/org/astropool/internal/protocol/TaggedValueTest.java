package org.astropool.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaggedValueTest {
    private static final Serialization SERIALIZATION = new Serialization(TaggedValueTest.class.getClassLoader());
    private static final byte BY_SERIALIZATION = 24;

    private final Map<Long, ClassDescription> classes = new HashMap<>();

    private record Star(int number, double magnitude, String name, float[] flux, Object more) implements Serializable {}

    private record Checked(int positive) implements Serializable {
        Checked {
            if (positive < 0) {
                throw new IllegalArgumentException("negative");
            }
        }
    }

    private record Twice(double[] one, double[] two) implements Serializable {}

    private record Replaced(int number) implements Serializable {
        private Object readResolve() {
            return "resolved " + number;
        }
    }

    private record NotSerializable(int number) {}

    private byte[] encoded(@Nullable Object value) throws UnserializableException {
        return TaggedValue.encode(value, classes);
    }

    private @Nullable Object decoded(byte[] bytes) throws Exception {
        return TaggedValue.decode(bytes, classes, SERIALIZATION);
    }

    static Stream<Object> direct() {
        return Stream.of(
                Integer.MIN_VALUE,
                1.5f,
                Float.NaN,
                (short) -2,
                (byte) -3,
                'x',
                true,
                false,
                "",
                "star",
                "zu spät",
                "Ω and \uD83D\uDE00",
                "\uD800 alone",
                new int[] {1, -2},
                new long[] {1L << 40},
                new float[] {1, 2},
                new short[] {3},
                new char[] {'a', '\uFFFF'},
                new boolean[] {true, false},
                new byte[] {1, 2},
                new double[0],
                new ArrayList<>(Arrays.asList(1, null, "two")),
                List.of(1),
                List.of(1, 2, 3),
                List.of(),
                List.of(List.of(1), List.of("a", 2.5)),
                new Star(1, -1.5, "Sirius", new float[] {1, 2}, 7L),
                List.of(new Checked(1), new Checked(2)));
    }

    @ParameterizedTest
    @MethodSource("direct")
    void aCommonTypeIsReadAsItWasWithoutJavaSerialization(Object value) throws Exception {
        byte[] bytes = encoded(value);
        Object read = decoded(bytes);

        assertThat(bytes[0]).isNotEqualTo(BY_SERIALIZATION);
        assertThat(read).hasSameClassAs(value);
        assertThat(encoded(read)).as("every bit").isEqualTo(bytes);
        if (!value.equals(Float.NaN)) {
            assertThat(read).usingRecursiveComparison().isEqualTo(value);
        }
    }

    static Stream<Object> byJava() {
        return Stream.of(
                Map.of("a", 1),
                new ArrayList<>(Collections.singletonList(Map.of())),
                Stream.of(1, null).toList(),
                java.time.Instant.EPOCH,
                Arrays.asList(1, 2),
                new Star(1, 2, "a", new float[0], Map.of()),
                java.math.BigDecimal.ONE);
    }

    @ParameterizedTest
    @MethodSource("byJava")
    void everythingElseIsLeftToJavaSerialization(Object value) throws Exception {
        byte[] bytes = encoded(value);

        assertThat(bytes[0]).isEqualTo(BY_SERIALIZATION);
        assertThat(decoded(bytes))
                .hasSameClassAs(value)
                .usingRecursiveComparison()
                .isEqualTo(value);
    }

    @Test
    void whatOccursTwiceInAValueIsTheSameObjectAfterwards() throws Exception {
        double[] array = {1};
        Twice read = (Twice) decoded(encoded(new Twice(array, array)));
        assertThat(read.one).isSameAs(read.two);

        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        List<?> cycle = (List<?>) decoded(encoded(itself));
        assertThat(cycle.get(0)).isSameAs(cycle);
    }

    @Test
    void aRecordKeepsItsOwnRules() throws Exception {
        assertThat(decoded(encoded(new Replaced(3)))).isEqualTo("resolved 3");
        byte[] damaged = encoded(new Checked(1));
        damaged[damaged.length - 1] = (byte) 0x80; // the sign of the number

        assertThatThrownBy(() -> decoded(damaged))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("negative");
        assertThatThrownBy(() -> encoded(new NotSerializable(1))).isInstanceOf(UnserializableException.class);
    }

    @Test
    void damagedBytesCauseAnExceptionAtMost() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Object> values = direct().toList();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = encoded(values.get(random.nextInt(values.size())));
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                decoded(bytes);
            } catch (Exception expected) {
                // no Error, for instance for lack of memory
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed + ": " + t, t);
            }
        }
    }
}
