package org.astropool.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InvalidClassException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SerializationTest {
    private static final Serialization SERIALIZATION = new Serialization(SerializationTest.class.getClassLoader());

    /** The length of an array is the last number before its elements. */
    @Test
    void anArrayNeedsTheBytesOfItsElements() throws Exception {
        byte[] bytes = Serialization.write(new double[] {1, 2, 3});
        ByteBuffer.wrap(bytes).putInt(bytes.length - 3 * Double.BYTES - Integer.BYTES, Integer.MAX_VALUE - 8);

        assertThatThrownBy(() -> SERIALIZATION.read(bytes))
                .isInstanceOf(InvalidClassException.class)
                .hasMessageContaining("REJECTED");
    }

    @Test
    void collectionsThatAreLargerThanWhatIsInThemAreRead() throws Exception {
        Map<Object, Object> hash = new HashMap<>();
        IdentityHashMap<Object, Object> identity = new IdentityHashMap<>();
        List<Object> nulls = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            hash.put((short) i, null);
            identity.put("", i); // the same key
            nulls.add(null);
        }
        HashSet<Object> empty = new HashSet<>(200_000);
        for (Object value : List.of(
                hash,
                identity,
                nulls,
                empty,
                new HashMap<>(200_000),
                new ArrayDeque<>(hash.keySet()),
                new PriorityQueue<>(List.of(3, 1, 2)),
                new TreeMap<>(hash),
                new double[200_000],
                new boolean[200_000],
                new Object[200_000],
                new String[200_000],
                new byte[0])) {
            Object read = SERIALIZATION.read(Serialization.write(value));
            assertThat(read).isNotNull().hasSameClassAs(value);
        }
    }
}
