package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that take long until they say hello, as a Python model with large imports does. */
class ProgramStartIT {
    @TempDir
    private Path temp;

    private Path output;

    @BeforeEach
    void write() throws IOException {
        output = temp.resolve("results").resolve("out");
        Files.writeString(temp.resolve("model"), """
                echo $$ >>starts
                echo "of process $$" >&2
                while [ -e wait ]; do sleep 0.05; done
                echo '{"astropool": 1, "parameters": ["x"], "outputs": ["y"]}'
                while read -r points; do echo '{"results": [[1.0]]}'; done
                """);
        Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "slow-start"
                [model]
                program = ["sh", "model"]
                [grid]
                x = { from = 0.0, to = 1.0, count = 20 }
                """);
    }

    private Command command(Way way, String... options) {
        return way.command("run", temp.resolve("job.toml").toString(), "--out", output.toString())
                .and(options);
    }

    /** The process that says hello evaluates the trial point and then serves the first slot. */
    @ParameterizedTest
    @CsvSource({"THREADS, --workers, 2, 2", "THREADS, --pool, serial, 1", "OPEN_MPI, --master-evaluates, yes, 3"})
    void oneStartServesHelloTrialAndWork(Way way, String option, String value, int slots) throws Exception {
        command(way, option, value).run().with(0);

        assertThat(temp.resolve("starts")).isRegularFile();
        assertThat(Files.readAllLines(temp.resolve("starts"))).hasSize(slots);
        try (var logs = Files.list(output.resolve("logs"))) {
            assertThat(logs).as("the log of each process").hasSize(slots);
        }
    }

    @Test
    void tryAndEvalStartTheProgramOnce() throws Exception {
        Command.astropool("try", temp.resolve("job.toml").toString()).run().with(0);
        assertThat(Files.readAllLines(temp.resolve("starts"))).hasSize(1);
        Path points = Files.writeString(temp.resolve("points"), "[1.0]\n");
        Command.astropool("eval", temp.resolve("job.toml").toString(), "--workers", "1")
                .readingFrom(points)
                .run()
                .with(0);
        assertThat(Files.readAllLines(temp.resolve("starts"))).hasSize(2);
    }

    @Test
    void whatIsWaitedForIsSaidAndStatusKnowsTheRun() throws Exception {
        Path wait = Files.createFile(temp.resolve("wait"));
        Running run = command(Way.THREADS, "--workers", "1").start();
        run.awaitMessage("waiting for the program model to say hello (start_timeout is 60 s): 2 s");

        Ended text = Command.astropool("status", output.toString()).run().with(0);
        Ended json =
                Command.astropool("status", output.toString(), "--json").run().with(0);
        Files.delete(wait);
        run.end().with(0);

        assertThat(text.out()).contains("out: no point yet", "running: ");
        assertThat(json.out()).contains("\"running\":true", "\"job\":null", "\"finished\":0");
        assertThat(Command.astropool("status", output.toString()).run().with(0).out())
                .contains("slow-start: 20 of 20 points done");
    }

    /** A program that does not start leaves no output directory, which would be taken for that of a run. */
    @Test
    void nothingIsLeftOfARunWhoseProgramDoesNotStart() throws Exception {
        Files.writeString(temp.resolve("model"), "echo it fails >&2; exit 1");

        Ended ended = command(Way.THREADS).run().with(2);

        assertThat(ended.err()).contains("it fails");
        assertThat(temp.resolve("results")).doesNotExist();
    }

    /** The results of another run stay until the program of the new one has started. */
    @Test
    void overwritingKeepsTheResultsWhileTheProgramCannotStart() throws Exception {
        command(Way.THREADS).run().with(0);
        Files.writeString(temp.resolve("model"), "exit 1");

        command(Way.THREADS, "--overwrite").run().with(2);

        assertThat(Command.astropool("status", output.toString()).run().with(0).out())
                .contains("20 of 20 points done");
    }
}
