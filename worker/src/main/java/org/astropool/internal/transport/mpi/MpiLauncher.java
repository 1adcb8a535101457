package org.astropool.internal.transport.mpi;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What started this process, according to its environment.
 *
 * @param name for users
 * @param size how many processes it started, where it says so
 * @param libraries the MPI libraries that work with it, the likeliest first
 * @param present whether a launcher of MPI was seen at all
 * @param goesOnWithoutLost whether it lets the other ranks continue when one dies, and waits for all of them even after
 *     MPI_Abort
 */
record MpiLauncher(String name, OptionalInt size, List<String> libraries, boolean present, boolean goesOnWithoutLost) {
    static final String LIBRARY_VARIABLE = "ASTROPOOL_MPI_LIBRARY";

    private static final String OPEN_MPI = "libmpi.so.40";
    /** Debian renames MPICH's library, so that it can live beside Open MPI's. */
    private static final List<String> MPICH = List.of("libmpi.so.12", "libmpich.so.12");

    private static final String STANDARD = "libmpi_abi.so.1";

    /** Every library that is looked for. */
    static final List<String> ALL_LIBRARIES = List.of(OPEN_MPI, MPICH.get(0), MPICH.get(1), STANDARD);

    /** The wrong library does not fail, it makes every process rank 0 of 1: so the launcher decides. */
    static MpiLauncher of(Map<String, String> environment) {
        MpiLauncher found = ofVariables(environment);
        String explicit = environment.getOrDefault(LIBRARY_VARIABLE, "");
        return explicit.isBlank()
                ? found
                : new MpiLauncher(
                        found.name, found.size, List.of(explicit.trim()), found.present, found.goesOnWithoutLost);
    }

    private static MpiLauncher ofVariables(Map<String, String> environment) {
        if (environment.containsKey("OMPI_COMM_WORLD_SIZE")) {
            return new MpiLauncher(
                    "mpiexec of Open MPI",
                    number(environment, "OMPI_COMM_WORLD_SIZE"),
                    List.of(OPEN_MPI, STANDARD),
                    true,
                    isSet(environment, "OMPI_MCA_orte_enable_recovery"));
        }
        if (environment.containsKey("PMI_RANK")) {
            return new MpiLauncher(
                    "a launcher that speaks PMI (mpiexec of MPICH or Intel MPI, srun --mpi=pmi2)",
                    number(environment, "PMI_SIZE"),
                    List.of(MPICH.get(0), MPICH.get(1), STANDARD),
                    true,
                    false);
        }
        OptionalInt tasksOfStep = number(environment, "SLURM_STEP_NUM_TASKS");
        if (environment.containsKey("PMIX_RANK")) {
            return new MpiLauncher(
                    "a launcher that speaks PMIx (srun --mpi=pmix, prun)", tasksOfStep, ALL_LIBRARIES, true, false);
        }
        return tasksOfStep.isPresent()
                ? new MpiLauncher("srun without an MPI plugin", tasksOfStep, ALL_LIBRARIES, false, false)
                : new MpiLauncher("no launcher of MPI", OptionalInt.empty(), ALL_LIBRARIES, false, false);
    }

    /** As Open MPI reads its parameters. */
    private static boolean isSet(Map<String, String> environment, String name) {
        return List.of("1", "true", "yes", "t", "y")
                .contains(environment.getOrDefault(name, "").toLowerCase(Locale.ROOT));
    }

    private static OptionalInt number(Map<String, String> environment, String name) {
        try {
            return OptionalInt.of(Integer.parseInt(environment.getOrDefault(name, "")));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
