package org.astropool.internal.transport.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.astropool.internal.transport.CarrierException;
import org.junit.jupiter.api.Test;

/** What is said, handed on and kept, without processes. */
final class ProcessWordsTest {

    @Test
    void endingsAreNamed() {
        assertThat(ExitStatus.reason(4711, 137, "")).isEqualTo("its process 4711 was ended by signal 9 (SIGKILL)");
        assertThat(ExitStatus.reason(4711, 128 + 40, "")).isEqualTo("its process 4711 was ended by signal 40");
        assertThat(ExitStatus.reason(4711, 3, "")).isEqualTo("its process 4711 ended with exit code 3");
        assertThat(ExitStatus.reason(4711, 255, "")).isEqualTo("its process 4711 ended with exit code 255");
        assertThat(ExitStatus.reason(4711, 1, "#\n#  SIGFPE (0x8) at pc=0x00007f"))
                .isEqualTo("its process 4711 was ended by signal 8 (SIGFPE)");
    }

    @Test
    void lastWordsAreTheLastLinesWithinTheLimits() {
        OutputTail words = new OutputTail();
        assertThat(words.text()).isEmpty();
        for (int i = 0; i < 100; i++) {
            words.add("line " + i);
        }
        assertThat(words.text().lines()).hasSize(20).endsWith("line 98", "line 99");
        words.add("x".repeat(4090));
        assertThat(words.text()).hasSize(4090);
        words.add("y".repeat(5000));
        assertThat(words.text()).hasSize(4096).doesNotContain("x");
    }

    /** As much as would fill a disk with the output of the run. */
    @Test
    void ofAChildThatPrintsWithoutEndAPartIsPassedOn() throws Exception {
        int lines = 200_000;
        byte[] text = (("x".repeat(99) + "\n").repeat(lines) + "the end\n").getBytes(StandardCharsets.UTF_8);
        List<String> passed = new ArrayList<>();
        OutputPump printed = new OutputPump(
                "test", 1, Channels.newChannel(new ByteArrayInputStream(text)), (peer, line) -> passed.add(line));
        printed.start();
        assertThat(printed.awaitEnd(30_000)).isTrue();

        assertThat(passed).hasSizeBetween((1 << 20) / 100, (1 << 20) / 100 + 10_000);
        assertThat(passed.get(passed.size() - 1)).matches("\\[\\d+ lines are not shown: .*");
        long notShown = passed.stream()
                .filter(line -> line.startsWith("["))
                .mapToLong(line -> Long.parseLong(line.substring(1, line.indexOf(' '))))
                .sum();
        assertThat(passed.stream().filter(line -> !line.startsWith("[")).count() + notShown)
                .isEqualTo(lines + 1L);
        assertThat(printed.lastWords()).endsWith("the end");
    }

    @Test
    void variablesOfLaunchersAreRemovedAndNoOthers() {
        assertThat(LauncherVariables.without(Map.of(
                        "OMPI_COMM_WORLD_RANK", "1",
                        "PMI_FD", "5",
                        "PMIX_RANK", "1",
                        "HYDRA_LAUNCHER", "ssh",
                        "MPI_LOCALNRANKS", "2",
                        "MV2_COMM_WORLD_RANK", "1",
                        "I_MPI_RANK", "1",
                        "SLURM_JOB_ID", "17",
                        "PATH", "/bin")))
                .containsOnlyKeys("SLURM_JOB_ID", "PATH");
    }

    @Test
    void variablesOfLaunchersOfSupercomputersAreRemovedButNotThoseOfTheirInstances() {
        assertThat(LauncherVariables.without(Map.of(
                        "PALS_RANKID", "1",
                        "PALS_APID", "7",
                        "JSM_NAMESPACE_RANK", "1",
                        "FLUX_TASK_RANK", "1",
                        "FLUX_JOB_ID", "f1",
                        "FLUX_KVS_NAMESPACE", "job-1",
                        "ALPS_APP_PE", "1",
                        "MPIRUN_RANK", "1",
                        "FLUX_URI", "local:///run/flux/local",
                        "PBS_JOBID", "17")))
                .containsOnlyKeys("FLUX_URI", "PBS_JOBID");
    }

    /** An MPI library that sees them takes the process for the task of the step, and ends it. */
    @Test
    void variablesOfASlurmStepAreRemovedAndThoseOfItsJobStay() {
        assertThat(LauncherVariables.without(Map.of(
                        "SLURM_STEP_ID", "0",
                        "SLURM_STEPID", "0",
                        "SLURM_STEP_NUM_TASKS", "2",
                        "SLURM_PROCID", "1",
                        "SLURM_LOCALID", "0",
                        "SLURM_MPI_TYPE", "pmix",
                        "SLURM_SRUN_COMM_PORT", "4711",
                        "SLURM_JOB_ID", "17",
                        "SLURM_ARRAY_TASK_ID", "3",
                        "SLURM_CPUS_PER_TASK", "4")))
                .containsOnlyKeys("SLURM_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_CPUS_PER_TASK");
        assertThat(LauncherVariables.without(Map.of("SLURM_MPI_TYPE", "pmix", "SLURM_PROCID", "0")))
                .containsOnlyKeys("SLURM_MPI_TYPE");
    }

    @Test
    void optionsThatHoldForChildrenAreHandedOn() {
        assertThat(InheritedOptions.forChildren(List.of(
                        "java",
                        "@file",
                        "-Xmx1g",
                        "-cp",
                        "-Dnot=this",
                        "-Dthis=one",
                        "-Dcom.sun.management.jmxremote.port=9000",
                        "-XX:SharedArchiveFile=app.jsa",
                        "-XX:CompressedClassSpaceSize=64m",
                        "-XX:ReservedCodeCacheSize=64m",
                        "--enable-native-access",
                        "ALL-UNNAMED",
                        "--add-opens=java.base/java.io=ALL-UNNAMED",
                        "Main",
                        "-Dargument=x")))
                .containsExactly(
                        "-Dthis=one",
                        "-XX:SharedArchiveFile=app.jsa",
                        "-XX:CompressedClassSpaceSize=64m",
                        "-XX:ReservedCodeCacheSize=64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/java.io=ALL-UNNAMED");
        assertThat(InheritedOptions.forChildren(List.of("java", "-Da=b", "-jar", "x.jar", "-Dc=d")))
                .containsExactly("-Da=b");
    }

    @Test
    void theCollectorCanBeChosen() {
        assertThat(ChildJvm.likeThis(64 << 20, 1).command("Main", List.of()))
                .contains("-XX:+UseSerialGC", "-Xmx65536k");
        assertThat(ChildJvm.likeThis(64 << 20, 1)
                        .with(List.of("-XX:+UseParallelGC"))
                        .command("Main", List.of()))
                .doesNotContain("-XX:+UseSerialGC")
                .endsWith("Main");
    }

    @Test
    void theCollectorOfAVariableIsTheOnlyOne() {
        assertThat(ChildJvm.choosesCollector(Map.of("JAVA_TOOL_OPTIONS", "-Da=b \"-XX:+UseZGC\"")))
                .isTrue();
        assertThat(ChildJvm.choosesCollector(Map.of("_JAVA_OPTIONS", "-XX:+UseParallelGC")))
                .isTrue();
        assertThat(ChildJvm.choosesCollector(Map.of("JDK_JAVA_OPTIONS", "-Da=b @more")))
                .isTrue();
        assertThat(ChildJvm.choosesCollector(Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseStringDeduplication -Da=@b")))
                .isFalse();
    }

    @Test
    void onlyAChildCanJoin() {
        assertThatThrownBy(ChildCarrier::join)
                .isInstanceOf(CarrierException.class)
                .hasMessageContaining("not started as a child");
        assertThatThrownBy(() -> ChildStartInfo.of(Map.of(ChildStartInfo.VARIABLE, "1 2 x 4")))
                .isInstanceOf(CarrierException.class)
                .hasMessageContaining("1 2 x 4");
    }

    @Test
    void startInfoIsReadAsItWasWritten() throws CarrierException {
        ChildStartInfo startInfo = new ChildStartInfo(3, 4, 1, 4711);
        assertThat(ChildStartInfo.of(Map.of(ChildStartInfo.VARIABLE, startInfo.text())))
                .isEqualTo(startInfo);
    }
}
