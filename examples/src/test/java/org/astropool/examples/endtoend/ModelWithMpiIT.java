package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that use MPI themselves, in a pool whose ranks were started by a launcher. */
class ModelWithMpiIT {
    @TempDir
    private Path temp;

    /** Otherwise it would take itself for the rank that has started it, and hang or end the job. */
    @ParameterizedTest
    @EnumSource(names = {"THREADS", "OPEN_MPI", "MPICH", "MPJ_MULTICORE"})
    void modelThatImportsMpi4pyIsAloneWhateverStartedThePool(Way way) throws Exception {
        Needs.mpi4py();
        Path output = temp.resolve("out");

        way.run(job(temp).toString(), "--out", output.toString())
                .run(new Leftovers()) // Open MPI leaves the folder of its sessions behind
                .with(0);

        assertIsAlone(output);
    }

    static Path job(Path folder) throws IOException {
        Path model = Path.of("src/test/resources/programs/mpi_world.py").toAbsolutePath();
        return Files.writeString(folder.resolve("mpi.toml"), """
                [job]
                name = "mpi"
                [model]
                program = ["%s", "%s"]
                [grid]
                x = { from = 0.0, to = 1.0, count = 8 }
                """.formatted(TablesIT.PYTHON, model));
    }

    static void assertIsAlone(Path output) throws IOException {
        assertThat(new Results(output).rows("results.ecsv"))
                .hasSize(8)
                .allSatisfy(row -> assertThat(row).contains(" 1.0 0.0"));
    }
}
