package org.astropool.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.io.File;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.rmi.server.ObjID;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Attribute;
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

    /** Classes of the platform that run code, or connect, when they are deserialized or soon after. */
    @Test
    void classesOfThePlatformThatAreNoValuesAreRefusedByName() throws Exception {
        for (Object value : List.of(
                new URL("http://localhost/"), new ObjID(), new Attribute("name", "value"), new Object[] {new ObjID()
                })) {
            byte[] bytes = Serialization.write(value);
            assertThatThrownBy(() -> SERIALIZATION.read(bytes))
                    .isInstanceOf(InvalidClassException.class)
                    .hasMessageContaining("values cannot have this class of the Java platform");
        }
    }

    private enum Colour {
        RED
    }

    private record Pair(int first, List<String> second) implements Serializable {}

    @Test
    void valuesOfThePlatformAndOfTheUserAreRead() throws Exception {
        for (Object value : List.of(
                1,
                2.5,
                "text",
                'c',
                BigDecimal.TEN,
                BigInteger.TWO,
                Instant.EPOCH,
                LocalDate.EPOCH,
                ZonedDateTime.parse("2026-01-01T00:00:00+01:00[Europe/Paris]"),
                Duration.ofSeconds(1),
                UUID.randomUUID(),
                new BitSet(),
                Optional.class,
                List.of(1, 2),
                Map.of("a", 1),
                Set.of(1),
                EnumSet.of(Colour.RED),
                new EnumMap<>(Map.of(Colour.RED, 1)),
                new GregorianCalendar(),
                Locale.ROOT,
                new Point2D.Double(1, 2),
                new AffineTransform(),
                URI.create("http://localhost/"),
                new File("x"),
                new AtomicLong(1),
                new ConcurrentHashMap<>(Map.of(1, 2)),
                new double[][] {{1}, {2}},
                Colour.RED,
                new Pair(1, List.of("x")),
                new IllegalStateException("x", new IOException("y")))) {
            assertThat(SERIALIZATION.read(Serialization.write(value))).isNotNull();
        }
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
