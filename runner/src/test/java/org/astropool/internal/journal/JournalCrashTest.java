package org.astropool.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left when the process that writes is killed, or has no room. */
@Timeout(180)
class JournalCrashTest {
    private static final int KILLS = Integer.getInteger("kills", 8);

    @TempDir
    private Path temp;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = temp.resolve("points.journal");
    }

    @Test
    void flushedRecordsSurviveSigkillAtAnyMoment() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildJvm child = ChildJvm.start("append", file.toString(), "-1", "0")) {
                List<String> lines = new ArrayList<>();
                for (int i = random.nextInt(30); i >= 0; i--) {
                    lines.add(child.line());
                }
                LockSupport.parkNanos(random.nextInt(20_000_000)); // any moment between two lines
                child.kill();
                lines.addAll(child.remainingLines());
                assertSurvived("kill " + kill + " of seed " + seed, lines);
            }
        }
    }

    @Test
    void aWriteInterruptedByTheEndOfTheProcessLosesOnlyItsOwnRecords() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            String write = Integer.toString(1 + random.nextInt(5));
            String fraction = Double.toString(random.nextDouble());
            try (ChildJvm child = ChildJvm.start("append", file.toString(), write, fraction)) {
                List<String> lines = child.remainingLines();
                assertThat(child.exitCode()).isEqualTo(9);
                assertSurvived("write " + write + ", " + fraction + " of it, seed " + seed, lines);
            }
        }
    }

    @Test
    void aFullDiskIsReportedWithTheMissingBytesAndTheJournalContinuesWhenThereIsSpace() throws Exception {
        Path disk = Files.createDirectory(temp.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()) == 0,
                "a small file system needs the right to mount one");
        try {
            file = disk.resolve("points.journal");
            Path ballast = Files.write(disk.resolve("ballast"), new byte[100_000]);
            List<String> lines = failing("");
            assertThat(lines.get(lines.size() - 1))
                    .matches("failed the journal " + file + " cannot be written: No space left on device; "
                            + "[0-9,]+ more bytes were needed; free disk space, then use --resume");
            assertSurvived("full disk", lines.subList(0, lines.size() - 1));

            Files.delete(ballast);
            List<String> more = failing("");
            assertThat(more.get(0)).isNotEqualTo("begins 0");
            assertThat(more).hasSizeGreaterThan(2);
            assertSurvived("full again", more.subList(0, more.size() - 1));
        } finally {
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    @Test
    void aFileSizeLimitIsReportedLikeAFullDisk() throws Exception {
        List<String> lines = failing("ulimit -f 200;"); // blocks of 512 bytes

        assertThat(lines.get(lines.size() - 1))
                .matches("failed the journal " + file + " cannot be written: File too large; "
                        + "[0-9,]+ more bytes were needed; free disk space, then use --resume");
        assertSurvived("file size", lines.subList(0, lines.size() - 1));

        List<String> more = failing("ulimit -f 400;");
        assertThat(more).hasSizeGreaterThan(2);
        assertSurvived("larger file size", more.subList(0, more.size() - 1));
    }

    @Test
    void tenMillionPointsNeedNoMoreMemoryThanAFewPoints() throws Exception {
        try (ChildJvm child = ChildJvm.start("millions", file.toString())) {
            assertThat(child.remainingLines()).containsExactly("10000000 points, 0 torn bytes");
            assertThat(child.exitCode()).isZero();
        }
        assertThat(Files.size(file)).isLessThan(121_000_000);
    }

    /** Appends until that fails; the whole records before have stayed. */
    private List<String> failing(String before) throws Exception {
        try (ChildJvm child = ChildJvm.startAfter(before, "append", file.toString(), "-1", "0")) {
            List<String> lines = child.remainingLines();
            assertThat(child.exitCode()).isEqualTo(4);
            assertThat(Journal.read(file, Points.header(), new Points()).tornBytes())
                    .isZero();
            return lines;
        }
    }

    /** Without damage, without a gap, and with all that was reported as flushed. */
    private void assertSurvived(String how, List<String> lines) throws IOException, JournalException {
        String last = lines.get(lines.size() - 1);
        int flushed = Integer.parseInt(last.substring(last.indexOf(' ') + 1));
        Points points = new Points();
        Recovery recovery = Journal.read(file, Points.header(), points);
        assertThat(recovery.damages()).as(how).isEmpty();
        assertThat(points.seen.nextClearBit(0))
                .as(how)
                .isGreaterThanOrEqualTo(flushed)
                .isEqualTo(points.seen.cardinality());
    }

    private static int run(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).start().waitFor();
    }
}
