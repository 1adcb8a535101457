package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.astropool.examples.endtoend.Command.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model in Python of which a file, an imported module, data or the version is another one when its run is resumed.
 */
class ChangedModelIT {
    @TempDir
    private Path temp;

    /** The first run fails at some points, so that the next evaluates these alone. */
    private Path modelOfSeveralFiles(String formula, String table) throws Exception {
        Files.createDirectories(temp.resolve("lib"));
        Files.writeString(temp.resolve("lib/formula.py"), formula);
        Files.writeString(temp.resolve("table.txt"), table);
        Files.writeString(temp.resolve("late.txt"), "1");
        Files.writeString(temp.resolve("model.py"), """
                import os, sys
                from astropool import serve
                sys.path.insert(0, "lib")
                from formula import f
                with open(os.path.join(os.getcwd(), "table" + ".txt")) as table:
                    offset = float(table.read())
                with open("log.txt", "a") as log:
                    log.write("started\\n")
                open("log.txt").close()

                def log_likelihood(x):
                    if x > 1.5 and not os.path.exists("all"):
                        raise ValueError("not yet")
                    return f(x) + offset

                serve(log_likelihood, files=["late.txt"], version=os.environ.get("MODEL_VERSION", ""))
                """);
        return Files.writeString(temp.resolve("job.toml"), """
                [job]
                name = "several-files"
                [model]
                program = ["%s", "model.py"]
                [grid]
                x = { from = 0.0, to = 3.0, count = 4 }
                """.formatted(TablesIT.PYTHON));
    }

    @Test
    void resumeWithAnotherModelIsRefusedAndNamesWhatHasChanged() throws Exception {
        Path job = modelOfSeveralFiles("def f(x): return -x", "0.5");
        Command run = Command.astropool("run", job.toString(), "--workers", "2");
        assertThat(run.run().with(3).err()).contains("2 of 4 points");
        Files.writeString(temp.resolve("all"), "");
        modelOfSeveralFiles("def f(x): return -2 * x", "0.75");
        Files.writeString(temp.resolve("late.txt"), "2");

        Ended refused =
                run.and("--retry-failed").with("MODEL_VERSION", "2").run().with(2);
        assertThat(refused.err())
                .contains(
                        "module formula was SHA-256",
                        "data file table.txt was",
                        "file late.txt was",
                        "version was not part of it, it is 2",
                        "--accept-model-changes")
                .doesNotContain("log.txt", "file model.py", "file all");
        assertThat(run.and("--resume").run().with(2).err()).contains("module formula was SHA-256");
        assertThat(run.and("--accept-model-changes").run().with(2).err())
                .contains("--accept-model-changes needs --resume");

        run.and("--retry-failed", "--accept-model-changes").run().with(0);

        assertThat(Files.readString(temp.resolve("out/several-files/summary.json")))
                .contains("\"model_changes\":[\"data file table.txt was");
        assertThat(Files.readString(temp.resolve("out/several-files/results.ecsv")))
                .contains("mchange1: ", "\n0 0.0 0.5 ok\n1 1.0 -0.5 ok\n2 2.0 -3.25 ok\n3 3.0 -5.25 ok");
        run.and("--resume").run().with(0);
    }
}
