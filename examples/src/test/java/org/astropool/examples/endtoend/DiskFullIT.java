package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose output does not fit say so and end, and go on when there is room. */
class DiskFullIT {
    private static final int POINTS = 1_000;
    private static final int KIB = 1024;
    private static final int ATTEMPTS = 10;
    /** A VOTable needs more than the journal, which needs 92 bytes a point at most. */
    private static final String[] LARGE_TABLE = {"--set", "output.formats=[\"votable\", \"ecsv\"]"};

    private static final int ROOM_FOR_THE_JOURNAL = 120;

    @TempDir
    private Path temp;

    private boolean mounted;

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            Command.of(List.of("umount", "-l", disk().toString())).run().with(0);
        }
    }

    @Test
    void runOnADiskThatFillsUpGoesOnWhenThereIsRoom() throws Exception {
        mountDisk();
        Survey survey = Survey.of(temp, POINTS).into(disk().resolve("out"));
        Running running = survey.on("processes", 2).start();
        survey.awaitEvaluations(POINTS / 4, running);
        Path filler = leave(0);
        Ended ended = running.end().with(4);

        assertSaysWhatIsMissing(ended, survey.output().resolve("journal/points.journal"), "No space left on device");
        Files.delete(filler);
        assertGoesOn(survey);
    }

    @Test
    void tablesThatDoNotFitOnTheDiskAreWrittenWhenThereIsRoom() throws Exception {
        mountDisk();
        Survey survey = Survey.of(temp, POINTS).into(disk().resolve("out"));
        Running running = survey.on("processes", 2).and(LARGE_TABLE).start();
        survey.awaitEvaluations(1, running);
        Path filler = leave(ROOM_FOR_THE_JOURNAL);
        Ended ended = running.end().with(4);

        assertSaysWhatIsMissing(ended, survey.output().resolve("results.vot"), "No space left on device");
        Files.delete(filler);
        assertGoesOn(survey);
        assertThat(survey.evaluations()).isEqualTo(POINTS);
    }

    @Test
    void runWhoseJournalMayNotGrowGoesOnWhenItMay() throws Exception {
        Survey survey = Survey.of(temp, POINTS);
        Ended ended = survey.on("threads", 2).withFilesUpTo(24).run().with(4);

        assertSaysWhatIsMissing(ended, survey.output().resolve("journal/points.journal"), "File too large");
        assertGoesOn(survey);
    }

    @Test
    void tablesThatMayNotGrowAreWrittenWhenTheyMay() throws Exception {
        Survey survey = Survey.of(temp, POINTS);
        Ended ended = survey.on("threads", 2)
                .and(LARGE_TABLE)
                .withFilesUpTo(ROOM_FOR_THE_JOURNAL)
                .run()
                .with(4);

        assertSaysWhatIsMissing(ended, survey.output().resolve("results.vot"), "File too large");
        assertGoesOn(survey);
        assertThat(survey.evaluations()).isEqualTo(POINTS);
    }

    private static void assertSaysWhatIsMissing(Ended ended, Path file, String reason) {
        assertThat(ended.err())
                .contains(file.toString(), reason, "--resume")
                .containsPattern("[0-9,]+ more bytes were needed")
                .doesNotContain("\tat ");
    }

    private static void assertGoesOn(Survey survey) throws Exception {
        survey.on("threads", 2).and("--resume").run().with(0);
        survey.assertComplete();
    }

    private void mountDisk() throws Exception {
        Needs.root("mount a file system");
        Files.createDirectory(disk());
        Ended mount = Command.of(List.of("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk().toString()))
                .run();
        mounted = mount.code() == 0;
        Needs.assume(mounted, "this root cannot mount a file system: " + mount);
    }

    private Path disk() {
        return temp.resolve("disk");
    }

    /** Fills the disk but for some KiB. */
    private Path leave(int kibibytes) throws IOException {
        Path filler = disk().resolve("filler");
        for (int attempt = 1; !fill(filler, kibibytes); attempt++) {
            assertThat(attempt).as("attempts to leave %s KiB", kibibytes).isLessThan(ATTEMPTS);
        }
        return filler;
    }

    /** Returns false when there is less than that, since the run has written meanwhile, such as its report. */
    private boolean fill(Path filler, int kibibytes) throws IOException {
        Files.deleteIfExists(filler);
        long bytes = Files.getFileStore(disk()).getUsableSpace() - (long) kibibytes * KIB;
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (long written = 0; kibibytes == 0 || written < bytes; written += KIB) {
                out.write(new byte[KIB]);
            }
        } catch (IOException e) {
            return kibibytes == 0;
        }
        return true;
    }
}
