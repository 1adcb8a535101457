package org.astropool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The templates for PBS and LSF, as those systems start them: a copy of the script, in a folder of the user. */
class ClusterTemplatesTest {
    private static final Path TEMPLATES = Path.of("../scripts/cluster").toAbsolutePath();

    @TempDir
    private Path temp;

    private Path folder;
    private Path checkout;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void write() throws IOException {
        folder = Files.createDirectories(temp.resolve("folder"));
        checkout = Files.createDirectories(temp.resolve("checkout/scripts/cluster"))
                .getParent()
                .getParent();
        executable(checkout.resolve("scripts/astropool"), "");
        executable(checkout.resolve("scripts/astropool-mpiexec"), "echo \"$0 $*\"");
        environment.put("JOB", "job.toml");
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        assertThat(Files.writeString(file, "#!/bin/bash\n" + text).toFile().setExecutable(true))
                .isTrue();
    }

    /** What {@code qstat -f} prints for a job, whose long lines OpenPBS breaks. */
    private void submitByPbs(String script, int run) throws IOException {
        executable(temp.resolve("bin/qstat"), """
                cat <<'END'
                Job Id: $2
                    Job_Name = astropool
                    run_count = %d
                    Submit_arguments = -v JOB=job.toml -l walltime=02:00:00 %s
                \t%s
                    project = _pbs_project_default/cluster/x
                END
                """.formatted(run, script.substring(0, 10), script.substring(10)));
        environment.put("PBS_JOBID", "17.server");
        environment.put("PBS_O_WORKDIR", folder.toString());
    }

    private String start(String template) throws Exception {
        Path copy = Files.copy(TEMPLATES.resolve(template), temp.resolve("copy-of-the-script"));
        Path output = temp.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", copy.toString())
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        environment.put("PATH", temp.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        StringBuilder all = new StringBuilder("exit code " + code + "\n" + Files.readString(output));
        try (var logs = Files.list(folder)) {
            for (Path log :
                    logs.filter(file -> file.toString().endsWith(".log")).toList()) {
                all.append(Files.readString(log));
            }
        }
        Files.delete(copy);
        return all.toString();
    }

    private static List<String> lastWords(String output) {
        String line = output.lines().reduce((first, second) -> second).orElse("");
        return Arrays.asList(line.substring(line.indexOf(" run ") + 1).split(" "));
    }

    @Test
    void pbsStartsTheLauncherOfTheCheckoutThatHasTheTemplate() throws Exception {
        submitByPbs(checkout + "/scripts/cluster/pbs.sh", 1);

        String output = start("pbs.sh");

        assertThat(output).contains("exit code 0", checkout + "/scripts/astropool-mpiexec --bind-to none");
        assertThat(lastWords(output)).containsExactly("run", "job.toml");
    }

    @Test
    void pbsStartsTheLauncherOfTheArchiveThatHasTheTemplate() throws Exception {
        Path archive = temp.resolve("archive");
        executable(archive.resolve("bin/astropool"), "");
        executable(archive.resolve("bin/astropool-mpiexec"), "echo \"$0 $*\"");
        Files.createDirectories(archive.resolve("share/cluster"));
        submitByPbs(archive + "/share/cluster/pbs.sh", 1);

        assertThat(start("pbs.sh")).contains("exit code 0", archive + "/share/../bin/astropool-mpiexec --bind-to none");
    }

    @Test
    void pbsContinuesAJobThatIsRunAgainAndAppendsToItsLog() throws Exception {
        Files.writeString(folder.resolve("astropool-17.log"), "of the first run\n");
        submitByPbs("../checkout/scripts/cluster/pbs.sh", 2);

        String output = start("pbs.sh");

        assertThat(output).contains("of the first run");
        assertThat(lastWords(output)).containsExactly("run", "job.toml", "--resume");
    }

    @Test
    void templatesSayHowToNameTheLauncherWhereItIsNotFound() throws Exception {
        submitByPbs("copied-elsewhere.sh", 1);
        assertThat(start("pbs.sh")).contains("exit code 2", "ASTROPOOL=/path/to/scripts/astropool");
        environment.put("LS_SUBCWD", folder.toString());
        assertThat(start("lsf.sh")).contains("exit code 2", "ASTROPOOL=/path/to/scripts/astropool");
    }

    @Test
    void lsfStartsTheLauncherOfTheFolderOrOfThePath() throws Exception {
        environment.put("LS_SUBCWD", checkout.toString());
        assertThat(start("lsf.sh")).contains("exit code 0", checkout + "/scripts/astropool-mpiexec");
        environment.put("LS_SUBCWD", folder.toString());
        executable(temp.resolve("bin/astropool"), "");
        executable(temp.resolve("bin/astropool-mpiexec"), "echo \"$0 $*\"");
        assertThat(start("lsf.sh")).contains("exit code 0", temp + "/bin/astropool-mpiexec");
    }
}
