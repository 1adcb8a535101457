package org.astropool.internal.transport.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment variables by which a launcher tells a process that it is a rank. A process that a rank starts must
 * not see them: an MPI library in it would act as that rank, and hang or end the job.
 */
public final class LauncherVariables {
    private static final List<String> PREFIXES = List.of(
            "OMPI_",
            "PMI",
            "PRTE_",
            "HYD",
            "MPIR_CVAR_CH3_INTERFACE_HOSTNAME",
            "MPI_",
            "MV2_",
            "MVP_",
            "MPISPAWN_",
            "MPIRUN_",
            "I_MPI_",
            "PALS_",
            "ALPS_APP_",
            "JSM_",
            "FLUX_TASK_",
            "FLUX_JOB_",
            "FLUX_KVS_NAMESPACE",
            "SLURM_STEP",
            "SLURM_SRUN_COMM_",
            "SLURM_PMI",
            ChildStartInfo.VARIABLE);
    /** The task of a Slurm step. The variables of its job stay: programs may start steps of their own. */
    private static final Set<String> OF_SLURM_TASK = Set.of(
            "SLURM_PROCID",
            "SLURM_LOCALID",
            "SLURM_NODEID",
            "SLURM_GTIDS",
            "SLURM_TASK_PID",
            "SLURM_LAUNCH_NODE_IPADDR");

    private static final String SLURM_STEP = "SLURM_STEP_ID";
    private static final String SLURM_MPI_TYPE = "SLURM_MPI_TYPE";

    private LauncherVariables() {}

    /** A copy of an environment without them; all other variables stay. */
    public static Map<String, String> without(Map<String, String> environment) {
        Map<String, String> rest = new HashMap<>(environment);
        removeFrom(rest);
        return rest;
    }

    /** Removes them from an environment that can be changed, for instance {@link ProcessBuilder#environment}. */
    public static void removeFrom(Map<String, String> environment) {
        if (environment.containsKey(SLURM_STEP)) {
            environment.remove(SLURM_MPI_TYPE); // that of the step; outside of a step, it is the user's choice for srun
        }
        environment.keySet().removeAll(OF_SLURM_TASK);
        environment.keySet().removeIf(name -> PREFIXES.stream().anyMatch(name::startsWith));
    }
}
