package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.astropool.transport.mpi.Mpiexec;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** Environments of batch jobs and shells that a run has to cope with. */
class MachinesIT {
    private static final Path DELAY = Path.of("src/test/resources/native/delayed_starts.c");

    @TempDir
    private Path temp;

    /** The library makes the race certain that otherwise shows in few starts; scripts/delayed-starts.sh has a hundred. */
    @RepeatedTest(2)
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
