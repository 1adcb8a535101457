package org.astropool.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.astropool.internal.job.JobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchScriptTest {
    private static final String HOSTILE = "a b'c\"d$(false)`false`\\e@NAME@#%j";

    @TempDir
    private Path temp;

    private static BatchScript script(String system, Path directory, Duration time, List<String> launcher)
            throws JobException {
        return script(BatchScript.Kind.RUN, system, directory, time, launcher);
    }

    private static BatchScript script(
            BatchScript.Kind kind, String system, Path directory, Duration time, List<String> launcher)
            throws JobException {
        return script(
                kind,
                system,
                directory,
                new BatchRequest(
                        "ap-test",
                        2,
                        time,
                        Optional.of("acc"),
                        Optional.of("long"),
                        OptionalInt.of(8),
                        true,
                        kind == BatchScript.Kind.JOIN ? 3 : 0,
                        List.of("--one", "two", "--three=" + HOSTILE)),
                launcher);
    }

    private static BatchScript script(
            BatchScript.Kind kind, String system, Path directory, BatchRequest request, List<String> launcher)
            throws JobException {
        return new BatchScript(
                kind,
                BatchSystem.of(system),
                request,
                directory,
                "/opt/astropool/bin/astropool",
                launcher,
                List.of("--set", "model.options.x=" + HOSTILE),
                List.of("--accept-model-changes"),
                directory,
                List.of("module load java/17", ": \"$VARIABLE_THAT_IS_NOT_SET\""),
                Map.of("DATA", HOSTILE),
                "/tmp");
    }

    private static String run(String... words) throws Exception {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @ParameterizedTest
    @CsvSource({"slurm, mpiexec", "slurm, none", "pbs, mpiexec", "pbs, none", "lsf, mpiexec", "lsf, none"})
    void scriptsPassShellcheck(String system, String launcher) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/shellcheck")), "no shellcheck");
        Path file = temp.resolve("submit.sh");
        Path directory = temp.resolve("with blank and 'quotes'");
        Files.writeString(
                file,
                script(system, directory, Duration.ofHours(2), List.of(launcher))
                        .text());

        assertThat(run("shellcheck", file.toString())).isEmpty();
        assertThat(run("bash", "-n", file.toString())).isEmpty();
    }

    /** What was given reaches the run to the byte, and nothing of it is executed. */
    @ParameterizedTest
    @ValueSource(strings = {"slurm", "pbs", "lsf"})
    void wordsReachTheRunAsTheyWereGiven(String system) throws Exception {
        Path directory =
                Files.createDirectories(temp.resolve(HOSTILE.replace("/", "").replace("\\", "")));
        Path astropool = temp.resolve("astropool");
        Files.writeString(
                astropool,
                "#!/bin/bash\n[[ $2 != begin ]] || echo 1 $FIRST; printf '%s|' \"$DATA\" \"$@\" >>\"$(dirname \"$0\")/said\"\n");
        assertThat(astropool.toFile().setExecutable(true)).isTrue();
        String text = script(system, directory, Duration.ofHours(2), List.of("none"))
                .text()
                .replace("/opt/astropool/bin/astropool", astropool.toString())
                .replace("module load java/17", ":");
        Path file = Files.writeString(temp.resolve("submit.sh"), text);

        run("env", "-u", "SLURM_JOB_ID", "FIRST=first", "bash", file.toString());
        run("env", "-u", "SLURM_JOB_ID", "bash", file.toString());

        assertThat(Files.readString(temp.resolve("said")))
                .contains(HOSTILE + "|run|" + directory + "/submitted.toml|--out|" + directory
                        + "|--resume|--set|model.options.x=" + HOSTILE + "|--accept-model-changes|")
                .containsOnlyOnce("|--accept-model-changes|") // in the first start
                .contains("|batch|end|" + directory + "|--job=|--code=0|--signal=|--batch=|--ends=");
    }

    @Test
    void aShortJobIsNotWarnedTooEarly() throws Exception {
        assertThat(script("slurm", temp, Duration.ofMinutes(1), List.of("none")).text())
                .contains("#SBATCH --time=00:01:00")
                .doesNotContain("--signal=B");
        assertThat(script("slurm", temp, Duration.ofHours(30), List.of("none")).text())
                .contains("#SBATCH --time=30:00:00", "#SBATCH --signal=B:USR1@60");
    }

    @Test
    void coresOfAllNodesAreCounted() throws Exception {
        String text =
                script("slurm", temp, Duration.ofHours(1), List.of("none")).text();
        String counting = text.substring(text.indexOf("cores=0"), text.indexOf("ends=\"\""));
        Path file = Files.writeString(temp.resolve("count.sh"), counting + "\necho $cores\n");

        assertThat(run("env", "SLURM_JOB_CPUS_PER_NODE=32(x3),16,8(x12)", "bash", "-u", file.toString())
                        .strip())
                .isEqualTo(String.valueOf(32 * 3 + 16 + 8 * 12));
    }

    @Test
    void aLineBreakInAnOptionIsRefused() throws Exception {
        for (String system : List.of("slurm", "pbs", "lsf")) {
            BatchRequest request = new BatchRequest(
                    "ap-test",
                    2,
                    Duration.ofHours(1),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.of(8),
                    true,
                    0,
                    List.of("--comment=a\nfalse"));
            assertThatThrownBy(() -> script(BatchScript.Kind.RUN, system, temp, request, List.of("none"))
                            .text())
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("line break");
        }
    }

    /** Slurm replaces nothing in a name that has one, so that all logs would have the same. */
    @Test
    void aBackslashInTheFolderOfASlurmLogIsRefused() {
        assertThatThrownBy(() -> script("slurm", Path.of("/a\\b"), Duration.ofHours(1), List.of("none"))
                        .text())
                .isInstanceOf(JobException.class)
                .hasMessageContaining("backslash");
    }

    @Test
    void aLineBreakInANameIsRefused() {
        assertThatThrownBy(() -> script("slurm", Path.of("/a\nb"), Duration.ofHours(1), List.of("none"))
                        .text())
                .isInstanceOf(JobException.class)
                .hasMessageContaining("line break");
    }
}
