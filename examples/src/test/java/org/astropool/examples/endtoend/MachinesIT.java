package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.astropool.examples.endtoend.Command.Ended;
import org.astropool.internal.transport.mpi.Mpiexec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Environments of batch jobs and shells that a run has to cope with. */
class MachinesIT {
    private static final Path DELAY = Path.of("src/test/resources/native/delayed_starts.c");

    /** For a signal where nothing is being evaluated; the limit is that of the grace. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    @TempDir
    private Path temp;

    /**
     * The library makes the race certain that otherwise shows in few starts; scripts/delayed-starts.sh has a hundred.
     */
    @Test
    void programStartsWhileMpiChangesTheEnvironment() throws Exception {
        Needs.program("cc", "gcc");
        Path library = temp.resolve("delay.so");
        Command.of(List.of(
                        "cc",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
                        DELAY.toAbsolutePath().toString(),
                        "-ldl"))
                .run()
                .with(0);
        Path job = programJob("");

        Command.astropool(Mpiexec.OPEN_MPI.ranks(2), "run", job.toString())
                .with("LD_PRELOAD", library.toString())
                .run()
                .with(0);

        assertThat(new Results(temp.resolve("out/machines")).summary().getInt("ok"))
                .isEqualTo(4);
    }

    /** Batch jobs often have LC_ALL=C, or no locale at all. */
    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI", "MPJ_MULTICORE"})
    void bytesAreThoseOfUtf8UnderTheLocaleOfBatchJobs(Way way) throws Exception {
        Path folder = Files.createDirectory(temp.resolve("\u03b2 Per \u00e9"));
        Path model = Files.writeString(folder.resolve("mod\u00e8le"), """
                #!/bin/sh
                echo "$LC_ALL" >>locales
                echo '{"astropool": 1, "parameters": ["x"], "outputs": [{"name": "said", "type": "string"}]}'
                while read -r points; do
                    printf '{"results": [["%s, %s, %s"]]}\\n' "$1" "$STAR" "${PWD##*/}"
                done
                """);
        Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path job = Files.writeString(folder.resolve("t\u00e2che.toml"), """
                [job]
                name = "locale"
                [model]
                program = ["./mod\u00e8le", "\u03b2 Per"]
                environment = { STAR = "\u03b1 Ori" }
                [grid]
                x = { from = -1.0, to = 1.0, count = 4 }
                """);

        Path out = folder.resolve("r\u00e9sultats");
        way.run(job.toString(), "--out", out.toString())
                .after("env", "-u", "LANG", "-u", "LC_CTYPE", "LC_ALL=C")
                .run()
                .with(0);

        assertThat(new Results(out).rows("results.ecsv"))
                .hasSize(4)
                .allSatisfy(row -> assertThat(row).contains("\u03b2 Per, \u03b1 Ori, \u03b2 Per \u00e9"));
        assertThat(Files.readAllLines(folder.resolve("locales"))).containsOnly("C");
    }

    static Stream<Arguments> addressSpaces() {
        return Stream.of(4_000_000, 2_000_000)
                .flatMap(kibibytes -> Stream.of(Way.OPEN_MPI, Way.MPICH).map(way -> Arguments.of(kibibytes, way)));
    }

    /** As h_vmem of Grid Engine sets it. */
    @ParameterizedTest
    @MethodSource("addressSpaces")
    void jvmFitsIntoTheAddressSpace(int kibibytes, Way way) throws Exception {
        way.run(programJob("").toString())
                .and("--threads", "1")
                .after("sh", "-c", "ulimit -v " + kibibytes + " && exec \"$@\"", "sh")
                .run()
                .with(0);
    }

    @Test
    void childProcessesFitIntoTheAddressSpaceToo() throws Exception {
        Command.astropool("run", programJob("").toString(), "--pool", "processes", "--workers", "2")
                .after("sh", "-c", "ulimit -v 2000000 && exec \"$@\"", "sh")
                .run()
                .with(0);
    }

    @Test
    void addressSpaceThatIsTooSmallIsNamed() throws Exception {
        Ended ended = Command.astropool("run", programJob("").toString())
                .after("sh", "-c", "ulimit -v 700000 && exec \"$@\"", "sh")
                .run()
                .with(2);

        assertThat(ended.err()).contains("683 MiB", "ulimit -v", "950 MiB").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"})
    void collectorOfTheUserIsTheOnlyOne(String variable) throws Exception {
        Command.astropool("run", programJob("").toString(), "--pool", "processes", "--workers", "1")
                .with(variable, "-Dsome=thing -XX:+UseParallelGC")
                .run()
                .with(0);
    }

    /** A terminal that goes on after its allocation is over still has the variable. */
    @ParameterizedTest
    @ValueSource(strings = {"1700000000", "99999999999999999", "soon"})
    void endOfAnEarlierAllocationEndsNoRun(String end) throws Exception {
        Ended ended = Command.astropool("run", programJob("").toString())
                .with("SLURM_JOB_END_TIME", end)
                .run()
                .with(0);

        assertThat(ended.err().contains("SLURM_JOB_END_TIME gives"))
                .as("%s", ended)
                .isEqualTo(end.equals("1700000000"));
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 143"})
    void signalEndsARunWhoseProgramLoads(String signal, int code) throws Exception {
        Path job = programJob("echo $$ >loading; sleep 50\n");
        Running running =
                Command.astropool("run", job.toString()).heedingSignals().start();
        running.await(() -> Files.exists(temp.resolve("loading")));

        running.signal(signal);
        Ended ended = running.endWithin(AT_ONCE).with(code);

        assertThat(ended.err()).contains("SIG" + signal).doesNotContain("hello");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    /** No interrupt ends the opening of a pipe that nobody writes to. */
    @Test
    void signalEndsARunThatReadsAFile() throws Exception {
        Path job = temp.resolve("job.pipe");
        Command.of(List.of("mkfifo", job.toString())).run().with(0);
        Leftovers leftovers = new Leftovers();
        Running running = Command.astropool("run", job.toString(), "--grace", "1 s")
                .heedingSignals()
                .start(leftovers);
        running.await(() -> stacks(leftovers.processes()).contains("JobFile.read"));

        running.signal("TERM");

        running.endWithin(AT_ONCE).with(143);
    }

    /** The other rank never comes. */
    @Test
    void signalEndsARunThatWaitsForItsRanks() throws Exception {
        Path job = programJob("");
        List<String> line = new ArrayList<>(Mpiexec.OPEN_MPI
                .ranks(1)
                .requireInstalled()
                .line(Command.astropoolWords("run", job.toString(), "--grace", "1 s")));
        line.addAll(List.of(":", "-n", "1", "sleep", "50"));
        Leftovers leftovers = new Leftovers();
        Running running = Command.of(line)
                .with(Mpiexec.OPEN_MPI.environment())
                .heedingSignals()
                .start(leftovers);
        running.await(() -> stacks(leftovers.rank(0).stream().toList()).contains("astropool-join")); // in MPI_Init

        Running.signal(leftovers.rank(0).orElseThrow(), "TERM");

        running.endWithin(AT_ONCE).with(143);
    }

    private static String stacks(List<ProcessHandle> processes) throws IOException {
        try {
            return Mpiexec.stacks(processes);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /**
     * A job whose program stays.
     *
     * @param before what the program does first
     */
    private Path programJob(String before) throws IOException {
        Files.writeString(temp.resolve("model"), before + """
                echo '{"astropool": 1, "parameters": ["x"], "outputs": ["y"]}'
                while read -r points; do
                    echo '{"results": [[1.0]]}'
                done
                """);
        return Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "machines"
                [model]
                program = ["sh", "model"]
                [grid]
                x = { from = -1.0, to = 1.0, count = 4 }
                """);
    }
}
