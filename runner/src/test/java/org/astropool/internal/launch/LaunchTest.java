package org.astropool.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.astropool.internal.launch.Launch.Loss;
import org.junit.jupiter.api.Test;

final class LaunchTest {

    @Test
    void openMpiGoesOnWithoutALostRankWhenItWasToldTo() {
        assertThat(loss(Map.of("OMPI_COMM_WORLD_SIZE", "4"))).isEqualTo(Loss.ENDS_THE_JOB);
        assertThat(loss(Map.of("OMPI_COMM_WORLD_SIZE", "4", "OMPI_MCA_orte_enable_recovery", "1")))
                .isEqualTo(Loss.ENDS_NOTHING);
    }

    @Test
    void mpichEndsTheJobAlsoInsideASlurmStep() {
        Map<String, String> ofSlurm = Map.of("PMI_RANK", "1", "MPI_LOCALNRANKS", "2", "SLURM_STEP_ID", "0");
        assertThat(loss(ofSlurm)).isEqualTo(Loss.ENDS_THE_JOB);
    }

    @Test
    void srunMayEndTheJobAndDoesWhenItWasToldTo() {
        assertThat(loss(Map.of("PMI_RANK", "1", "SLURM_STEP_ID", "0"))).isEqualTo(Loss.MAY_END_THE_JOB);
        assertThat(loss(Map.of("PMIX_RANK", "1", "SLURM_STEP_ID", "0", "SLURM_KILL_BAD_EXIT", "1")))
                .isEqualTo(Loss.ENDS_THE_JOB);
    }

    private static Loss loss(Map<String, String> environment) {
        return Launch.of(environment).loss();
    }
}
