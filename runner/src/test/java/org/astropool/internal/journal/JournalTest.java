package org.astropool.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalTest {

    @TempDir
    private Path temp;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = temp.resolve("out/journal/points.journal");
    }

    @Test
    void appendedRecordsAreRead() throws Exception {
        try (Journal journal = Journal.create(file, Points.header())) {
            Points.append(journal, 0, 100);
            Points.append(journal, 500, 1);
            Points.append(journal, Points.COUNT - 3, 3);
        }
        List<Long> firsts = new ArrayList<>();
        Recovery recovery = Journal.read(file, Points.header(), (first, count, payload) -> firsts.add(first));

        assertThat(recovery).isEqualTo(new Recovery(Points.header(), 3, 0, List.of()));
        assertThat(firsts).containsExactly(0L, 500L, Points.COUNT - 3);
        try (var files = Files.list(file.resolveSibling("."))) {
            assertThat(files.count()).isEqualTo(1);
        }
    }

    @Test
    void aReopenedJournalContinuesAfterItsRecords() throws Exception {
        try (Journal journal = Journal.create(file, Points.header())) {
            Points.append(journal, 0, 10);
        }
        for (int run = 1; run < 5; run++) {
            Points points = new Points();
            Journal.Opened opened = Journal.reopen(file, Points.header(), points);
            try (Journal journal = opened.journal()) {
                assertThat(points.seen.cardinality()).isEqualTo(10 * run);
                Points.append(journal, 10L * run, 10);
            }
        }
        assertRead(5, 0);
    }

    @Test
    void aRewrittenJournalKeepsItsRecordsUnderTheNewHeader() throws Exception {
        try (Journal journal = Journal.create(file, Points.header())) {
            Points.append(journal, 0, 10);
            Points.append(journal, Points.COUNT - 3, 3);
        }
        byte[] torn = Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 1);
        Files.write(file, torn);
        Files.write(file.resolveSibling("." + file.getFileName() + ".next"), torn); // of a process that was killed
        JournalHeader old = Points.header();
        JournalHeader header = new JournalHeader(
                old.release(), old.job(), old.model(), "of a longer job", old.modelDigest(), old.points() + 5);

        Journal.rewrite(file, header);

        List<String> records = new ArrayList<>();
        RecordReader reader = (first, count, payload) -> records.add(first + " " + count + " " + payload.remaining());
        try (Journal journal = Journal.reopen(file, header, reader).journal()) {
            Points.append(journal, old.points(), 5);
        }
        Recovery recovery = Journal.read(file, header, reader);
        assertThat(recovery).isEqualTo(new Recovery(header, 2, 0, List.of()));
        assertThat(records).hasSize(3).startsWith(records.get(1));
        assertThat(records.get(0)).startsWith("0 10 ");
        assertThat(records.get(2)).startsWith(old.points() + " 5 ");
        try (var files = Files.list(file.resolveSibling("."))) {
            assertThat(files.count()).isEqualTo(1);
        }
    }

    @Test
    void appendedRecordsAreInTheFileWithinASecondWithoutAFlush() throws Exception {
        try (Journal journal = Journal.create(file, Points.header())) {
            Points.append(journal, 0, 10);
            long begin = System.nanoTime();
            while (journal.backlogBytes() > 0) {
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
                LockSupport.parkNanos(1_000_000);
            }
            assertRead(1, 0);
        }
    }

    @Test
    void flushReturnsWhenEverythingIsInTheFile() throws Exception {
        try (Journal journal = Journal.create(file, Points.header())) {
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 50; i++) {
                    Points.append(journal, 50 * round + i, 1);
                }
                journal.flush();
                assertThat(journal.backlogBytes()).isZero();
                assertRead(50L * (round + 1), 0);
            }
            journal.flush();
        }
    }

    @Test
    void recordsLargerThanAWriteAndEmptyRecordsAreStored() throws Exception {
        int large = 1_000_000;
        try (Journal journal = Journal.create(file, Points.header())) {
            Points.append(journal, 0, 10);
            Points.append(journal, 10, large);
            Points.append(journal, 10 + large, 10);
            journal.append(7, 1, nothing());
        }
        List<Integer> bytes = new ArrayList<>();
        Journal.read(file, null, (first, count, payload) -> bytes.add(payload.remaining()));
        assertThat(bytes).containsExactly(120, 12 * large, 120, 0);
    }

    @Test
    void severalThreadsMayAppend() throws Exception {
        int threads = 4;
        int each = 20_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Journal journal = Journal.create(file, Points.header())) {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int begin = thread * each;
                done.add(pool.submit(() -> {
                    for (int i = begin; i < begin + each; i++) {
                        Points.append(journal, i, 1);
                        if (i % 5_000 == 0) {
                            journal.flush();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> thread : done) {
                thread.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertRead((long) threads * each, 0);
    }

    @Test
    void aJournalCanBeReadWhileItIsWritten() throws Exception {
        int records = 60_000;
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Journal journal = Journal.create(file, Points.header())) {
            Future<?> writing = pool.submit(() -> {
                for (int i = 0; i < records; i++) {
                    Points.append(journal, 7L * i, 7);
                    if (i % 1000 == 0) {
                        journal.flush();
                    }
                }
                journal.flush();
                return null;
            });
            long before = 0;
            while (!writing.isDone()) {
                Points points = new Points();
                Recovery recovery = Journal.read(file, Points.header(), points);
                assertThat(recovery.damages()).isEmpty();
                assertThat(recovery.records()).isGreaterThanOrEqualTo(before);
                assertThat(points.seen.nextClearBit(0)).isEqualTo(7 * recovery.records());
                before = recovery.records();
            }
            writing.get();
            assertRead(records, 0);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void anExistingJournalIsNotCreatedAgain() throws Exception {
        Journal.create(file, Points.header()).close();

        assertThatThrownBy(() -> Journal.create(file, Points.header())).isInstanceOf(FileAlreadyExistsException.class);
        assertRead(0, 0);
    }

    @Test
    void aMissingJournalIsReportedAsMissing() {
        assertThatThrownBy(() -> Journal.read(file, null, new Points())).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Journal.reopen(file, Points.header(), new Points()))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aJournalOfAnotherRunIsRefusedWithWhatDiffers() throws Exception {
        Journal.create(file, Points.header()).close();
        JournalHeader other = new JournalHeader("1.2.4", "job", "another", "012", "456", 5);

        assertThatThrownBy(() -> Journal.reopen(file, other, new Points()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("its release is \"1.2.3\", not \"1.2.4\"")
                .hasMessageContaining("its job is \"job-\u03a9\", not \"job\"")
                .hasMessageContaining("its model is \"model\", not \"another\"")
                .hasMessageContaining("its seed, options, axes, fixed values or priors are different")
                .hasMessageContaining("its model's options or data files are different")
                .hasMessageContaining("it has 1000000000 points, not 5")
                .hasMessageContaining("--overwrite");
        assertThat(Points.header().differencesFrom(Points.header())).isEmpty();
    }

    @Test
    void aFileThatIsNotAJournalIsRefused() throws Exception {
        Files.createDirectories(file.getParent());
        for (String content : List.of("", "x", "index,status\n1,ok\n")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> Journal.read(file, null, new Points()))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(content.isEmpty() ? "is empty" : "is not a journal of astropool")
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void zerosAtTheEndAreATornTail() throws Exception {
        records(10);
        append(new byte[100_000]);

        assertRead(10, 100_000);
        assertThat(reopened().tornBytes()).isEqualTo(100_000);
        assertRead(10, 0);
    }

    @Test
    void severalBadRecordsAtTheEndAreATornTail() throws Exception {
        records(10);
        flip(offset(8) + Layout.RECORD_HEADER + 1);
        flip(offset(9) + Layout.RECORD_HEADER + 1);

        assertRead(8, 2L * Points.recordBytes(5));
        assertThat(reopened().damages()).isEmpty();
        assertRead(8, 0);
    }

    @Test
    void aDamagedPayloadInTheMiddleIsReportedWithItsPoints() throws Exception {
        records(10);
        flip(offset(4) + Layout.RECORD_HEADER + 3);

        Points points = new Points();
        Recovery recovery = Journal.read(file, Points.header(), points);

        assertThat(recovery.damages()).containsExactly(new Damage(offset(4), Points.recordBytes(5), 20, 5));
        assertThat(recovery.damages().get(0))
                .hasToString("88 damaged bytes at offset " + offset(4) + " (points 20 to 24)");
        assertThat(recovery.records()).isEqualTo(9);
        assertThat(recovery.tornBytes()).isZero();
        BitSet expected = new BitSet();
        expected.set(0, 50);
        expected.clear(20, 25);
        assertThat(points.seen).isEqualTo(expected);
    }

    @Test
    void aDamagedRecordHeaderInTheMiddleIsReportedWithItsOffset() throws Exception {
        records(10);
        flip(offset(4) + 9);

        Recovery recovery = Journal.read(file, Points.header(), new Points());

        assertThat(recovery.damages()).containsExactly(new Damage(offset(4), Points.recordBytes(5), -1, 0));
        assertThat(recovery.records()).isEqualTo(9);
    }

    @Test
    void recordsAfterMissingBytesAreRead() throws Exception {
        records(10);
        byte[] all = Files.readAllBytes(file);
        int from = (int) offset(4) + 40;
        ByteBuffer shorter = ByteBuffer.allocate(all.length - 30);
        shorter.put(all, 0, from).put(all, from + 30, all.length - from - 30);
        Files.write(file, shorter.array());

        Recovery recovery = Journal.read(file, Points.header(), new Points());

        assertThat(recovery.damages()).containsExactly(new Damage(offset(4), Points.recordBytes(5) - 30, 20, 5));
        assertThat(recovery.records()).isEqualTo(9);
    }

    @Test
    void recordsOfAnotherJournalAtTheEndAreIgnored() throws Exception {
        records(3);
        byte[] old = Files.readAllBytes(file);
        int header = (int) offset(0);
        JournalHeader another = new JournalHeader("1.2.3", "another job", "model", "0123", "4567", Points.COUNT);
        Path other = temp.resolve("other");
        Journal.create(other, another).close();
        Files.write(
                other,
                ByteBuffer.wrap(old, header, old.length - header)
                        .slice()
                        .compact()
                        .array(),
                StandardOpenOption.APPEND);

        assertThat(Journal.read(other, another, new Points()).records()).isZero();
    }

    @Test
    void damageIsKeptWhenTheJournalContinues() throws Exception {
        records(10);
        flip(offset(4) + Layout.RECORD_HEADER + 3);
        try (Journal journal =
                Journal.reopen(file, Points.header(), new Points()).journal()) {
            Points.append(journal, 20, 5);
        }
        Points points = new Points();
        Recovery recovery = Journal.read(file, Points.header(), points);

        assertThat(recovery.damages()).hasSize(1);
        assertThat(points.seen.nextClearBit(0)).isEqualTo(50);
    }

    @Test
    void nonexistentTasksAndOversizedPayloadsAreRefused() throws Exception {
        try (Journal journal = Journal.create(file, Points.header())) {
            assertThatThrownBy(() -> Points.append(journal, -1, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Points.append(journal, 0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Points.append(journal, Points.COUNT - 1, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there are 1000000000");
            assertThatThrownBy(() -> Points.append(journal, 0, 30_000_000))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the limit is 268435456");
        }
        assertRead(0, 0);
    }

    @Test
    void appendsAfterCloseAreIgnoredWithoutFailure() throws Exception {
        Journal journal = Journal.create(file, Points.header());
        Points.append(journal, 0, 1);
        journal.close();

        Points.append(journal, 1, 1);
        journal.flush();
        journal.close();
        assertRead(1, 0);
    }

    @Test
    void aPayloadOfAnotherLengthThanAnnouncedFailsTheJournalAndBlocksNoCaller() throws Exception {
        Journal journal = Journal.create(file, Points.header());
        List<IOException> told = new ArrayList<>();
        journal.onFailure(failure -> {
            told.add(failure);
            assertThatThrownBy(journal::close).isSameAs(failure);
        });
        journal.append(0, 1, new Payload() {
            @Override
            public int bytes() {
                return 8;
            }

            @Override
            public void write(ByteBuffer out) {
                out.putInt(1);
            }
        });

        assertThatThrownBy(journal::flush).isInstanceOf(IOException.class).hasMessageContaining("4 bytes, but said 8");
        assertThatThrownBy(journal::close).isInstanceOf(IOException.class).isSameAs(told.get(0));
        assertRead(0, 0);
    }

    private static Payload nothing() {
        return new Payload() {
            @Override
            public int bytes() {
                return 0;
            }

            @Override
            public void write(ByteBuffer out) {}
        };
    }

    /** So many records of 5 tasks each. */
    private void records(int count) throws IOException {
        try (Journal journal = Journal.create(file, Points.header())) {
            for (int i = 0; i < count; i++) {
                Points.append(journal, 5L * i, 5);
            }
        }
    }

    private static long offset(int record) {
        return Layout.encode(Points.header()).limit() + (long) record * Points.recordBytes(5);
    }

    private void append(byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.APPEND);
    }

    private void flip(long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 4)).flip();
            channel.write(one, offset);
        }
    }

    private Recovery reopened() throws IOException, JournalException {
        Journal.Opened opened = Journal.reopen(file, Points.header(), new Points());
        opened.journal().close();
        return opened.recovery();
    }

    private void assertRead(long records, long tornBytes) throws IOException, JournalException {
        Points points = new Points();
        assertThat(Journal.read(file, Points.header(), points))
                .isEqualTo(new Recovery(Points.header(), records, tornBytes, List.of()));
        assertThat(points.records).isEqualTo(records);
    }
}
