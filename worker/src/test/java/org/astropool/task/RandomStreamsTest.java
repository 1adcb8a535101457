package org.astropool.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomStreamsTest {

    @Test
    void theSameKeyGivesTheSameNumbers() {
        assertThat(RandomStreams.stream(1, 2).doubles(100).toArray())
                .isEqualTo(RandomStreams.stream(1, 2).doubles(100).toArray());
    }

    @Test
    void streamsOfDifferentKeysDoNotMeet() {
        Set<Long> first = new HashSet<>();
        for (long seed = 0; seed < 30; seed++) {
            for (long index = 0; index < 10_000; index++) {
                assertThat(first.add(RandomStreams.stream(seed, index).nextLong()))
                        .as("seed %d, index %d", seed, index)
                        .isTrue();
            }
        }
    }

    /** Users compare results of years: the numbers of a key must never change. */
    @Test
    void theNumbersOfAKeyStayTheSame() {
        assertThat(RandomStreams.stream(20261121, 0).nextLong()).isEqualTo(-5180528755476588013L);
        assertThat(RandomStreams.stream(20261121, 1).nextLong()).isEqualTo(2266462057560375292L);
    }

    @Test
    void firstNumbersOfNeighbouringStreamsAreUncorrelated() {
        int count = 100_000;
        double sum = 0;
        double previous = RandomStreams.stream(5, 0).nextDouble() - 0.5;
        for (int i = 1; i <= count; i++) {
            double next = RandomStreams.stream(5, i).nextDouble() - 0.5;
            sum += previous * next;
            previous = next;
        }
        double correlation = 12 * sum / count;

        assertThat(correlation).isBetween(-4 / Math.sqrt(count), 4 / Math.sqrt(count));
    }
}
