package org.astropool.internal.transport.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class MpiLauncherTest {

    @Test
    void openMpiMeansItsOwnLibrary() {
        MpiLauncher launcher = MpiLauncher.of(Map.of("OMPI_COMM_WORLD_SIZE", "4", "PMIX_RANK", "0"));
        assertThat(launcher.libraries()).first().isEqualTo("libmpi.so.40");
        assertThat(launcher.size()).hasValue(4);
        assertThat(launcher.present()).isTrue();
    }

    @Test
    void pmiMeansTheMpichFamilyUnderBothNames() {
        MpiLauncher launcher = MpiLauncher.of(Map.of("PMI_RANK", "0", "PMI_SIZE", "3"));
        assertThat(launcher.libraries())
                .startsWith("libmpi.so.12", "libmpich.so.12")
                .doesNotContain("libmpi.so.40");
        assertThat(launcher.size()).hasValue(3);
    }

    @Test
    void underHydraTheTasksOfTheSlurmStepAreItsProxies() {
        MpiLauncher launcher = MpiLauncher.of(Map.of("PMI_RANK", "0", "PMI_SIZE", "16", "SLURM_STEP_NUM_TASKS", "2"));
        assertThat(launcher.size()).hasValue(16);
    }

    @Test
    void pmixMeansAnyLibraryAndTheSizeOfTheStep() {
        MpiLauncher launcher = MpiLauncher.of(Map.of("PMIX_RANK", "1", "SLURM_STEP_NUM_TASKS", "2"));
        assertThat(launcher.libraries()).startsWith("libmpi.so.40").contains("libmpich.so.12");
        assertThat(launcher.size()).hasValue(2);
    }

    @Test
    void srunWithoutAPluginIsNoLauncherOfMpiButKnowsHowManyThereShouldBe() {
        MpiLauncher launcher = MpiLauncher.of(Map.of("SLURM_PROCID", "1", "SLURM_STEP_NUM_TASKS", "2"));
        assertThat(launcher.present()).isFalse();
        assertThat(launcher.name()).contains("srun");
        assertThat(launcher.size()).hasValue(2);
    }

    @Test
    void aPlainStartIsNoLauncher() {
        MpiLauncher launcher = MpiLauncher.of(Map.of());
        assertThat(launcher.present()).isFalse();
        assertThat(launcher.size()).isEmpty();
        assertThat(launcher.libraries()).isEqualTo(MpiLauncher.ALL_LIBRARIES);
    }

    @Test
    void theUsersLibraryComesBeforeWhatTheLauncherMeans() {
        MpiLauncher launcher = MpiLauncher.of(
                Map.of("OMPI_COMM_WORLD_SIZE", "4", "ASTROPOOL_MPI_LIBRARY", "/opt/openmpi/lib/libmpi.so.80"));
        assertThat(launcher.libraries()).containsExactly("/opt/openmpi/lib/libmpi.so.80");
        assertThat(launcher.size()).hasValue(4);
    }
}
