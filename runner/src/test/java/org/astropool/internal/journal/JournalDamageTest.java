package org.astropool.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small journal, cut and changed everywhere: what is delivered is right, and so is what is said about the rest. */
class JournalDamageTest {
    private static final int[] COUNTS = {1, 5, 2, 16, 3, 1, 9};

    @TempDir
    private Path temp;

    private Path file;
    private byte[] whole;
    /** Where each record begins, and the end. */
    private final int[] offsets = new int[COUNTS.length + 1];
    /** The first task of each record, and the end. */
    private final int[] tasks = new int[COUNTS.length + 1];

    @BeforeEach
    void write() throws IOException {
        file = temp.resolve("points.journal");
        offsets[0] = Layout.encode(Points.header()).limit();
        try (Journal journal = Journal.create(file, Points.header())) {
            for (int i = 0; i < COUNTS.length; i++) {
                Points.append(journal, tasks[i], COUNTS[i]);
                tasks[i + 1] = tasks[i] + COUNTS[i];
                offsets[i + 1] = offsets[i] + Points.recordBytes(COUNTS[i]);
            }
        }
        whole = Files.readAllBytes(file);
        assertThat(whole).hasSize(offsets[COUNTS.length]);
    }

    @Test
    void aJournalCutAtAnyOffsetYieldsTheWholeRecordsBeforeItAndContinues() throws Exception {
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            if (length < offsets[0]) {
                assertThatThrownBy(() -> Journal.reopen(file, Points.header(), new Points()))
                        .as("cut at %s", length)
                        .isInstanceOf(JournalException.class)
                        .hasMessageContaining(file.toString());
            } else {
                int records = recordsBefore(length);
                Points points = new Points();
                Journal.Opened opened = Journal.reopen(file, Points.header(), points);
                try (Journal journal = opened.journal()) {
                    assertThat(opened.recovery())
                            .as("cut at %s", length)
                            .isEqualTo(new Recovery(Points.header(), records, length - offsets[records], List.of()));
                    assertThat(points.seen).isEqualTo(range(0, tasks[records]));
                    for (int i = records; i < COUNTS.length; i++) {
                        Points.append(journal, tasks[i], COUNTS[i]);
                    }
                }
                assertThat(Files.readAllBytes(file)).as("cut at %s", length).isEqualTo(whole);
            }
        }
    }

    @Test
    void everyFlippedBitIsReportedAsItsKindOfDamage() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            int offset = random.nextInt(whole.length);
            int bit = random.nextInt(8);
            byte[] flipped = whole.clone();
            flipped[offset] ^= (byte) (1 << bit);
            try {
                check(flipped, offset);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("bit " + bit + " of byte " + offset + ", seed " + seed, e);
            }
        }
    }

    /** Nothing is said here about the report, but that it adds up. */
    @Test
    void flippedBitsNeverYieldAWrongResult() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] flipped = whole.clone();
            for (int flips = random.nextInt(30); flips >= 0; flips--) {
                flipped[offsets[0] + random.nextInt(whole.length - offsets[0])] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, flipped);
            try {
                Recovery recovery = Journal.read(file, Points.header(), new Points());
                long damaged =
                        recovery.damages().stream().mapToLong(Damage::bytes).sum();
                assertThat(recovery.records() * Layout.RECORD_HEADER + damaged + recovery.tornBytes())
                        .isLessThanOrEqualTo(whole.length - offsets[0]);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private void check(byte[] flipped, int offset) throws IOException, JournalException {
        Files.write(file, flipped);
        if (offset < offsets[0]) {
            assertThatThrownBy(() -> Journal.read(file, Points.header(), new Points()))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(offset < 8 ? "is not a journal of astropool" : "has a damaged header");
            return;
        }
        Points points = new Points();
        Recovery recovery = Journal.read(file, Points.header(), points);

        int record = recordsBefore(offset);
        int bytes = offsets[record + 1] - offsets[record];
        BitSet expected = range(0, tasks[COUNTS.length]);
        expected.clear(tasks[record], tasks[record + 1]);
        assertThat(points.seen).isEqualTo(expected);
        assertThat(recovery.records()).isEqualTo(COUNTS.length - 1);
        if (record == COUNTS.length - 1) {
            assertThat(recovery.tornBytes()).isEqualTo(bytes);
            assertThat(recovery.damages()).isEmpty();
        } else {
            boolean headerHit = offset - offsets[record] < Layout.RECORD_HEADER - 4;
            assertThat(recovery.tornBytes()).isZero();
            assertThat(recovery.damages())
                    .containsExactly(
                            headerHit
                                    ? new Damage(offsets[record], bytes, -1, 0)
                                    : new Damage(offsets[record], bytes, tasks[record], COUNTS[record]));
        }
    }

    /** Those that end at this length or before. */
    private int recordsBefore(int length) {
        int records = 0;
        while (records < COUNTS.length && offsets[records + 1] <= length) {
            records++;
        }
        return records;
    }

    private static BitSet range(int from, int to) {
        BitSet range = new BitSet();
        range.set(from, to);
        return range;
    }
}
