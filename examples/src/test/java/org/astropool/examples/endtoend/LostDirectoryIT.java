package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody removes or renames the output directory of a run that goes on. */
class LostDirectoryIT {
    private static final int POINTS = 20_000;

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"removed", "renamed"})
    void theRunEndsSoonAndSaysWhatHappened(String loss) throws Exception {
        Survey survey = Survey.of(temp, POINTS);
        Path out = survey.output();

        Running running = survey.on("processes", 2).start();
        survey.awaitEvaluations(100, running);
        Path renamed = temp.resolve("renamed");
        Files.move(out, renamed);
        if (loss.equals("removed")) {
            Leftovers.delete(renamed);
        }
        Ended ended = running.end().with(4);

        assertThat(ended.err())
                .contains("the output directory " + out + " was removed, renamed or replaced during the run")
                .doesNotContain("taken over", "points are in the journal", "free disk space");
        if (loss.equals("renamed")) {
            Command.astropool("status", renamed.toString()).run().with(0);
        }
    }
}
