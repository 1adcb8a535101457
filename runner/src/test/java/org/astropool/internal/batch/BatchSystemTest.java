package org.astropool.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchSystemTest {
    @TempDir
    private Path temp;

    /** Otherwise the variables of a user's shell beat what was given to submit. */
    @Test
    void eachOptionInAScriptIsKnownByItsVariable() {
        assertThat(Slurm.variables(Stream.of(
                        "#!/bin/bash",
                        "#SBATCH --time=00:10:00",
                        "#SBATCH -p long",
                        "#SBATCH -Aproject",
                        "#SBATCH --qos high",
                        "# SBATCH --gres=gpu",
                        "#SBATCH -N 2")))
                .containsExactlyInAnyOrder("TIMELIMIT", "PARTITION", "ACCOUNT", "QOS", "N");
    }

    /** Home and scratch directories of clusters are often symbolic links. */
    @Test
    void aJobIsFoundByEachNameOfItsFolder() throws Exception {
        Path script =
                Files.createFile(Files.createDirectories(temp.resolve("a b/c")).resolve("submit.sh"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("a b"));
        String linked = link.resolve("c/submit.sh").toString();

        assertThat(BatchSystem.isScript(script, script.toString())).isTrue();
        assertThat(BatchSystem.isScript(script, linked)).isTrue();
        assertThat(BatchSystem.isScript(script, link.resolve("d/submit.sh").toString()))
                .isFalse();
        assertThat(BatchSystem.isScript(script, "(null)")).isFalse();
        assertThat(Pbs.isSubmittedWith(script, "-W depend=afterany:1.a/b " + linked))
                .isTrue();
        assertThat(Pbs.isSubmittedWith(script, "-q long /other/submit.sh")).isFalse();
        Files.delete(script);
        assertThat(BatchSystem.isScript(script, script.toString())).isTrue(); // its job can still be cancelled
    }
}
