package org.astropool.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.astropool.internal.job.JobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteSettingsTest {
    @TempDir
    private Path temp;

    private SiteSettings read(String user, String system) throws IOException, JobException {
        Path file = Files.createDirectories(temp.resolve("config/astropool")).resolve("site.toml");
        Files.writeString(file, user);
        Path ofSystem = Files.writeString(temp.resolve("system.toml"), system);
        return SiteSettings.read(Map.of(
                "XDG_CONFIG_HOME", temp.resolve("config").toString(),
                "ASTROPOOL_SITE", ofSystem.toString(),
                "PROJECT", "p42"));
    }

    @Test
    void settingsOfTheUserBeatThoseOfTheSystem() throws Exception {
        SiteSettings site = read("account = \"${PROJECT}\"\ntime = \"2h\"\nmodules = [\"java/17\", \"open mpi\"]", """
                account = "other"
                partition = "main"
                launcher = "srun --mpi=pmix"
                modules = ["never"]
                setup = ["ulimit -c 0"]
                requeue = false
                """);

        assertThat(site.account()).contains("p42");
        assertThat(site.partition()).contains("main");
        assertThat(site.time()).contains(Duration.ofHours(2));
        assertThat(site.launcher()).contains("srun --mpi=pmix");
        assertThat(site.requeues()).contains(false);
        assertThat(site.setupLines())
                .hasSize(3)
                .endsWith("module load java/17 'open mpi'", "ulimit -c 0")
                .first(InstanceOfAssertFactories.STRING)
                .contains("type module");
        assertThat(site.files()).hasSize(2);
    }

    /** As when a variable that a file names is not set at the moment. */
    @Test
    void blankValuesAreNone() throws Exception {
        SiteSettings site = read("account = \"${NO_PROJECT:-}\"\npartition = \"\"\ntmpdir = \" \"", "");

        assertThat(site.account()).isEmpty();
        assertThat(site.partition()).isEmpty();
        assertThat(site.tmpdir()).isEmpty();
    }

    @Test
    void aFileThatIsMissingIsNoProblemUnlessItIsNamed() throws Exception {
        assertThat(SiteSettings.read(Map.of("HOME", temp.toString())).files()).isEmpty();
        assertThatThrownBy(() -> SiteSettings.read(
                        Map.of("ASTROPOOL_SITE", temp.resolve("none.toml").toString())))
                .hasMessageContaining("site file")
                .hasMessageContaining("none.toml does not exist");
    }

    @Test
    void allMistakesAreReportedWithTheirLines() {
        assertThatThrownBy(() ->
                        read("acount = \"x\"\nnodes = 0\ntime = \"soon\"\nscheduler = \"sge\"\nmodules = \"java\"", ""))
                .isInstanceOfSatisfying(
                        JobException.class,
                        failure -> assertThat(failure.problems())
                                .hasSize(5)
                                .allMatch(problem -> problem.contains("site.toml line "))
                                .anyMatch(problem ->
                                        problem.contains("unknown key \"acount\"") && problem.contains("account"))
                                .anyMatch(problem -> problem.contains("slurm, pbs and lsf")));
    }
}
