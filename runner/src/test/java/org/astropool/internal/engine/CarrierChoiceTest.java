package org.astropool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.carrier.CarrierProvider;
import org.astropool.internal.carrier.CarrierRequest;
import org.astropool.internal.carrier.CarrierSession;
import org.astropool.internal.launch.Launch;
import org.astropool.pool.PoolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarrierChoiceTest {
    private static final Map<String, String> OPEN_MPI =
            Map.of("OMPI_COMM_WORLD_SIZE", "3", "OMPI_COMM_WORLD_RANK", "1");
    private static final Map<String, String> ONE_RANK = Map.of("OMPI_COMM_WORLD_SIZE", "1");
    private static final Map<String, String> HYDRA = Map.of("PMI_RANK", "0", "PMI_SIZE", "2");
    private static final Map<String, String> SRUN = Map.of("SLURM_STEP_ID", "0", "SLURM_STEP_NUM_TASKS", "4");
    private static final Map<String, Map<String, String>> LAUNCHES =
            Map.of("alone", Map.of(), "openmpi", OPEN_MPI, "one", ONE_RANK, "hydra", HYDRA, "srun", SRUN);

    /** A carrier of a name and a way to start; it is never opened here. */
    private record Named(String name, Start start, Optional<String> launcher) implements CarrierProvider {
        @Override
        public CarrierSession open(CarrierRequest request) {
            throw new UnsupportedOperationException();
        }
    }

    private static final List<CarrierProvider> PROVIDERS = List.of(
            new Named("serial", CarrierProvider.Start.BY_MASTER, Optional.empty()),
            new Named("threads", CarrierProvider.Start.BY_MASTER, Optional.empty()),
            new Named("mpi", CarrierProvider.Start.BY_LAUNCHER, Optional.of("mpiexec -n N")),
            new Named("mpj", CarrierProvider.Start.BY_LAUNCHER, Optional.of("astropool-mpjrun -np N")),
            new Named("hazelcast", CarrierProvider.Start.BY_JOINING, Optional.empty()));

    private static Launch launch(String name) {
        return Launch.of(java.util.Objects.requireNonNull(LAUNCHES.get(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "auto, alone, threads",
        "auto, one, threads",
        "auto, openmpi, mpi",
        "auto, hydra, mpi",
        "serial, alone, serial",
        "threads, one, threads",
        "mpi, openmpi, mpi",
        "mpi, one, mpi",
        "hazelcast, alone, hazelcast",
        "hazelcast, openmpi, hazelcast",
        "hazelcast, srun, hazelcast",
    })
    void aProgramUnderALauncherGetsTheCarrierThatFits(String asked, String launch, String chosen) {
        assertThat(CarrierChoice.forRanks(asked, launch(launch), PROVIDERS).name())
                .isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auto    | srun    | use srun --mpi=pmix",
                "threads | openmpi | each would run everything",
                "serial  | srun    | each would run everything",
                "mpi     | alone   | start it as: mpiexec -n N COMMAND",
                "mpj     | openmpi | start it as: astropool-mpjrun -np N COMMAND",
                "smoke   | alone   | there are auto, serial, threads, mpi, mpj, hazelcast",
            })
    void aCarrierThatDoesNotFitTheLauncherIsRefusedWithWhatToDo(String asked, String launch, String message) {
        assertThatThrownBy(() -> CarrierChoice.forRanks(asked, launch(launch), PROVIDERS))
                .isInstanceOfSatisfying(
                        PoolException.class, e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.ENVIRONMENT))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"auto, threads", "serial, serial", "threads, threads", "hazelcast, hazelcast"})
    void aPoolThatIsOpenedByItselfHasTheCarrierThatWasAskedFor(String asked, String chosen) {
        assertThat(CarrierChoice.forThisProcess(asked, PROVIDERS).name()).isEqualTo(chosen);
    }

    @Test
    void aPoolThatIsOpenedByItselfCannotHaveRanks() {
        assertThatThrownBy(() -> CarrierChoice.forThisProcess("mpi", PROVIDERS))
                .hasMessageContaining("use Pool.run(...) in a program that is started by mpiexec");
    }
}
