package org.astropool.launch;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How this process was started.
 *
 * @param launcher who started it
 * @param rank from 0
 * @param size how many ranks were started together
 * @param ranksHere how many of them on this node; 1 when unknown
 * @param loss what the launcher does when a rank is lost
 */
public record Launch(Launcher launcher, int rank, int size, int ranksHere, Loss loss) {

    /** What becomes of the other ranks when one is lost. */
    public enum Loss {
        ENDS_THE_JOB,
        MAY_END_THE_JOB,
        ENDS_NOTHING
    }

    /** Who starts processes. */
    public enum Launcher {
        /** A shell, a program: nobody who starts ranks. */
        NONE("no launcher"),
        OPEN_MPI("mpiexec of Open MPI"),
        HYDRA("mpiexec of MPICH or a relative"),
        PMIX("a launcher with PMIx"),
        /** srun without an MPI plugin: ranks that cannot find each other by MPI. */
        SRUN_WITHOUT_MPI("srun without MPI");

        private final String description;

        Launcher(String description) {
            this.description = description;
        }

        /** For people. */
        public String description() {
            return description;
        }
    }

    /** Reads the environment of a process. */
    public static Launch of(Map<String, String> environment) {
        if (environment.containsKey("OMPI_COMM_WORLD_SIZE")) {
            return new Launch(
                    Launcher.OPEN_MPI,
                    number(environment, "OMPI_COMM_WORLD_RANK", 0),
                    number(environment, "OMPI_COMM_WORLD_SIZE", 1),
                    number(environment, "OMPI_COMM_WORLD_LOCAL_SIZE", 1),
                    isSet(environment, "OMPI_MCA_orte_enable_recovery") ? Loss.ENDS_NOTHING : Loss.ENDS_THE_JOB);
        }
        if (environment.containsKey("PMI_RANK")) {
            return new Launch(
                    Launcher.HYDRA,
                    number(environment, "PMI_RANK", 0),
                    number(environment, "PMI_SIZE", stepTasks(environment)),
                    number(environment, "MPI_LOCALNRANKS", tasksHere(environment)),
                    lossUnderSrun(environment));
        }
        if (environment.containsKey("PMIX_RANK")) {
            return new Launch(
                    Launcher.PMIX,
                    number(environment, "PMIX_RANK", 0),
                    stepTasks(environment),
                    tasksHere(environment),
                    lossUnderSrun(environment));
        }
        // sbatch sets SLURM_PROCID for its script as well, but only srun's tasks have a step with several tasks
        if (environment.containsKey("SLURM_STEP_ID") && stepTasks(environment) > 1) {
            return new Launch(
                    Launcher.SRUN_WITHOUT_MPI,
                    number(environment, "SLURM_PROCID", 0),
                    stepTasks(environment),
                    tasksHere(environment),
                    lossUnderSrun(environment));
        }
        return new Launch(Launcher.NONE, 0, 1, 1, Loss.ENDS_THE_JOB);
    }

    /**
     * What srun does depends on its option -K, its site and its MPI plugin. Ranks under the mpiexec of MPICH, which srun has
     * only started the daemons of, have the variables of both.
     */
    private static Loss lossUnderSrun(Map<String, String> environment) {
        boolean srun = environment.containsKey("SLURM_STEP_ID") && !environment.containsKey("MPI_LOCALNRANKS");
        return srun && !isSet(environment, "SLURM_KILL_BAD_EXIT") ? Loss.MAY_END_THE_JOB : Loss.ENDS_THE_JOB;
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return Set.of("1", "true", "yes")
                .contains(environment.getOrDefault(name, "").toLowerCase(Locale.ROOT));
    }

    /** Whether there may be ranks on other nodes. */
    public boolean mayHaveSeveralNodes() {
        return ranksHere < size;
    }

    /** Whether the ranks can find each other by MPI. */
    public boolean isMpi() {
        return launcher == Launcher.OPEN_MPI || launcher == Launcher.HYDRA || launcher == Launcher.PMIX;
    }

    private static int stepTasks(Map<String, String> environment) {
        return number(environment, "SLURM_STEP_NUM_TASKS", 1);
    }

    private static int tasksHere(Map<String, String> environment) {
        return number(environment, "SLURM_STEP_NUM_NODES", 0) == 1 ? stepTasks(environment) : 1;
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        @Nullable String text = environment.get(name);
        try {
            return text == null ? otherwise : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return otherwise; // a foreign variable is no reason to fail; MPI itself tells rank and size later
        }
    }
}
