package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.astropool.examples.Troublesome.Trouble;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * MPJ Express does not survive the loss of a rank. A run does: astropool-mpjrun says 4, and --resume takes it up again.
 */
class MpjIT {
    private static final int POINTS = 2_500;

    @TempDir
    private Path temp;

    @ParameterizedTest
    @CsvSource({"MPJ_MULTICORE, 0", "MPJ_CLUSTER, 0", "MPJ_CLUSTER, 1"})
    void aRankThatIsKilledEndsTheRunResumable(Way way, int rank) throws Exception {
        Survey survey = Survey.of(temp, POINTS);

        Running running = survey.by(way.run()).start();
        survey.awaitEvaluations(POINTS / 5, running);
        process(rank, survey.output()).destroyForcibly();
        Ended ended = running.end().with(4);

        assertThat(ended.err()).as(ended.toString()).contains("lost", "--resume");
        Ended resumed = survey.by(way.run()).and("--resume").run().with(0);
        assertThat(Survey.found(resumed)).as(resumed.toString()).isPositive();
        survey.assertComplete();
    }

    @ParameterizedTest
    @EnumSource(names = {"MPJ_MULTICORE", "MPJ_CLUSTER"})
    void aModelThatEndsItsProcessEndsTheRunResumable(Way way) throws Exception {
        Path job = Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "exits"
                [model]
                name = "troublesome"
                [model.options]
                above = 150.0
                [model.fixed]
                trouble = %d
                [grid]
                x = { from = 0.0, to = 299.0, count = 300 }
                """.formatted(Trouble.EXITS.ordinal()));
        Path output = temp.resolve("out");

        Ended ended = way.run(job.toString(), "--class-path", Command.TEST_MODELS.toString())
                .and("--out", output.toString())
                .run()
                .with(4);

        assertThat(new Results(output).summary().getInt("exit_code"))
                .as(ended.toString())
                .isEqualTo(4);
        assertThat(new Results(output).summary().getString("reason")).isEqualTo("workers-lost");
    }

    @ParameterizedTest
    @CsvSource({
        "MPJ_MULTICORE, TERM, 143",
        "MPJ_MULTICORE, INT, 130",
        "MPJ_CLUSTER, TERM, 143",
    })
    void aSignalEndsTheRunResumable(Way way, String signal, int code) throws Exception {
        Survey survey = Survey.of(temp, POINTS);

        Running running = survey.by(way.run()).heedingSignals().start();
        survey.awaitEvaluations(POINTS / 5, running);
        running.signal(signal);
        running.end().with(code);

        survey.by(way.run()).and("--resume").run().with(0);
        survey.assertComplete();
    }

    @ParameterizedTest
    @CsvSource({
        "MPJ_MULTICORE, program, the program has failed",
        "MPJ_MULTICORE, task, / by zero",
        "MPJ_CLUSTER, program, the program has failed",
    })
    void aProgramThatThrowsEndsAllRanksAndIsHeard(Way way, String where, String words) throws Exception {
        Ended ended = way.command(
                        "exec",
                        "--class-path",
                        Command.TEST_MODELS.toString(),
                        "org.astropool.examples.ThrowingProgram",
                        where)
                .run();

        assertThat(ended.code()).as("%s", ended).isNotZero();
        assertThat(ended.err() + ended.out()).contains(words);
    }

    @Test
    void evalIsRefusedSinceNoRankHasStandardInput() throws Exception {
        Ended ended = Way.MPJ_MULTICORE
                .command(
                        "eval",
                        Command.CHECKOUT
                                .resolve("examples/jobs/simulated-wcdm.toml")
                                .toString())
                .run()
                .with(2);

        assertThat(ended.err()).contains("eval reads its points from standard input", "start it with mpiexec");
    }

    @Test
    void withoutMpjrunThePoolIsRefusedWithWhatToDo() throws Exception {
        Way.MPJ_MULTICORE.run(); // is it installed?
        Ended ended = Survey.of(temp, POINTS).on("mpj", 1).run().with(2);

        assertThat(ended.err()).contains("carrier mpj", "astropool-mpjrun -np N");
    }

    @Test
    void standardOutputIsTheSummaryAlone() throws Exception {
        Path output = temp.resolve("out");

        Ended ended = Survey.of(temp, 250)
                .by(Way.MPJ_CLUSTER.run())
                .and("--json")
                .run()
                .with(0);

        assertThat(ended.out()).isEqualTo(new Results(output).text("summary.json"));
    }

    @ParameterizedTest
    @CsvSource({"'', -np needs a number", "-np 2 -dev nodev run, there is no device nodev", "-np 2 -q run, no option -q"
    })
    void wrongOptionsAreRefused(String options, String message) throws Exception {
        Path script = Command.CHECKOUT.resolve("scripts/astropool-mpjrun");

        Ended ended = Command.of(Stream.concat(
                                Stream.of(script.toString()),
                                Stream.of(options.split(" ")).filter(word -> !word.isEmpty()))
                        .toList())
                .run()
                .with(2);

        assertThat(ended.err()).contains(message, "Usage");
    }

    /** The process of a rank; in one JVM that of all. */
    private static ProcessHandle process(int rank, Path output) {
        Pattern command = Pattern.compile("(runtime.starter.MulticoreStarter|runtime.daemon.Wrapper.*\0" + rank
                + "\0org.astropool.internal.cli.Astropool\0).*" + Pattern.quote(output.toString()));
        return ProcessHandle.allProcesses()
                .filter(process -> command.matcher(commandLine(process)).find())
                .findFirst()
                .orElseThrow();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended, or is somebody else's
        }
    }
}
