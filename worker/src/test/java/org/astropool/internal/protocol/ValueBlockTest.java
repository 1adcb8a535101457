package org.astropool.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class ValueBlockTest {
    private static final Serialization SERIALIZATION = new Serialization(ValueBlockTest.class.getClassLoader());

    private static class Star implements Serializable {
        private static final long serialVersionUID = 1;
        final int number;
        final String name;
        final List<Instant> observed = new ArrayList<>();

        Star(int number) {
            this.number = number;
            this.name = "star " + number;
            observed.add(Instant.ofEpochSecond(number));
        }

        @Override
        public String toString() {
            return number + ": " + name;
        }
    }

    private static final class Binary extends Star {
        private static final long serialVersionUID = 1;
        final Star companion;

        Binary(int number) {
            super(number);
            companion = new Star(-number);
        }

        @Override
        public String toString() {
            return super.toString() + " and " + companion;
        }
    }

    private static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new IOException("not again");
        }
    }

    /** Must be public for serialization. */
    public static final class Packed implements Externalizable {
        private static final long serialVersionUID = 1;
        private int number;

        public Packed() {}

        Packed(int number) {
            this.number = number;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeInt(number);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException {
            number = in.readInt();
        }
    }

    private static final List<IntFunction<Object>> KINDS = List.of(
            Star::new,
            Binary::new,
            Packed::new,
            i -> new Star[] {new Star(i), new Binary(i)},
            i -> Map.of("number", i),
            i -> new LinkedHashMap<>(Map.of(new TreeSet<>(List.of(i)), DayOfWeek.of(1 + i % 7))),
            i -> new EnumMap<>(Map.of(DayOfWeek.of(1 + i % 7), i)),
            i -> LocalDate.ofEpochDay(i),
            i -> BigInteger.TEN.pow(i % 50),
            i -> DayOfWeek.of(1 + i % 7),
            i -> i % 2 == 0 ? Integer.class : Star.class,
            i -> "text " + i,
            i -> new double[] {i});

    private static ValueBlock sent(ValueBlock block) {
        ByteBuffer frame = ByteBuffer.allocate(Math.toIntExact(block.bytes()));
        block.write(frame);
        assertThat(frame.remaining())
                .as("bytes that bytes() has counted too much")
                .isZero();
        return ValueBlock.read(frame.flip());
    }

    private static void assertSame(Object read, Object value) {
        assertThat(read).hasSameClassAs(value);
        assertThat(read).usingRecursiveComparison().isEqualTo(value);
    }

    @Test
    void valuesOfAnyClassesAreReadAsTheyWere() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            List<Object> values = new ArrayList<>();
            List<Object> snapshots = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                values.add(KINDS.get(random.nextInt(KINDS.size())).apply(i));
                snapshots.add(ValueBlock.snapshot(values.get(i), false));
            }
            ValueBlock block =
                    sent(random.nextBoolean() ? ValueBlock.pack(values) : ValueBlock.packSnapshots(snapshots));
            int from = random.nextInt(20);
            ValueBlock part = sent(block.slice(from, 20)); // as a process between master and worker does
            Serialization reader = new Serialization(ValueBlockTest.class.getClassLoader());
            for (int i = 19; i >= from; i--) {
                assertSame(part.get(i - from, reader), values.get(i));
            }
        }
    }

    @Test
    void aClassIsDescribedOnceInABlock() throws Exception {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            values.add(new Binary(i));
        }
        long alone = ValueBlock.packOne(values.get(0)).bytes();

        assertThat(ValueBlock.pack(values).bytes()).isLessThan(alone * 1000 / 3);
    }

    @Test
    void whatTwoValuesShareIsCopied() throws Exception {
        Star shared = new Star(1);
        ValueBlock block = sent(ValueBlock.pack(List.of(shared, List.of(shared, shared), shared)));
        Object first = block.get(0, SERIALIZATION);
        List<?> pair = (List<?>) block.get(1, SERIALIZATION);

        assertThat(block.get(2, SERIALIZATION)).isNotSameAs(first);
        assertThat(block.get(0, SERIALIZATION)).isNotSameAs(first);
        assertThat(pair.get(0)).isSameAs(pair.get(1)).isNotSameAs(first);
    }

    @Test
    void aValueThatCannotBeWrittenOrReadHarmsNoOther() throws Exception {
        ValueBlock.Builder builder = new ValueBlock.Builder(4);
        builder.add(new Star(1));
        assertThatThrownBy(() -> builder.add(Map.of(new Star(2), new Object())))
                .isInstanceOf(UnserializableException.class);
        builder.add(new Unreadable());
        builder.add(new Binary(3));
        ValueBlock block = sent(builder.build());

        assertThat(block.count()).isEqualTo(3);
        assertThatThrownBy(() -> block.get(1, SERIALIZATION)).hasMessageContaining("not again");
        assertSame(block.get(0, SERIALIZATION), new Star(1));
        assertSame(block.get(2, SERIALIZATION), new Binary(3));
    }

    @Test
    void damagedBlocksCauseAnExceptionAtMost() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ValueBlock block = ValueBlock.pack(List.of(new Binary(1), Map.of("a", 1), new Packed(2)));
        byte[] intact = new byte[Math.toIntExact(block.bytes())];
        block.write(ByteBuffer.wrap(intact));
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = intact.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Serialization reader = new Serialization(ValueBlockTest.class.getClassLoader());
            try {
                ValueBlock read = ValueBlock.read(ByteBuffer.wrap(damaged));
                for (int j = 0; j < read.count(); j++) {
                    read.get(j, reader);
                }
            } catch (Exception expected) {
                // no Error, for instance for lack of memory
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed + ": " + t, t);
            }
        }
    }
}
