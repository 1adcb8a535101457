package org.astropool.task;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random streams keyed by (seed, index): the same numbers wherever and whenever they are drawn.
 *
 * <p>The generator is the JDK's L64X128MixRandom (Steele and Vigna 2021, doi:10.1145/3485525, period 2^192) with its
 * state derived from the key by SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195), so that streams
 * of different keys do not overlap in practice.
 */
public final class RandomStreams {
    private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
            RandomGeneratorFactory.of("L64X128MixRandom");
    /** JDK 17 smears the sign of a byte over the bytes before it (JDK-8282144), which makes different keys meet. */
    private static final long SEVEN_BITS_A_BYTE = 0x7f7f7f7f7f7f7f7fL;

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private RandomStreams() {}

    /** A new generator at the start of the stream (seed, index). */
    public static RandomGenerator stream(long seed, long index) {
        ByteBuffer state = ByteBuffer.allocate(4 * Long.BYTES);
        long word = key(seed, index);
        while (state.hasRemaining()) {
            word += GOLDEN_GAMMA;
            state.putLong(mix(word) & SEVEN_BITS_A_BYTE);
        }
        return FACTORY.create(state.array());
    }

    /** A seed for part {@code index} of something that has a seed, for instance a call of a pool. */
    public static long key(long seed, long index) {
        return mix(mix(seed + GOLDEN_GAMMA) + index);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
