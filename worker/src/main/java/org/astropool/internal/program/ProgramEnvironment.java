package org.astropool.internal.program;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.astropool.internal.transport.process.LauncherVariables;

/** The environment of programs. Stateless. */
public final class ProgramEnvironment {
    private static final List<String> THREADS = List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS");
    /** Variables between this process and those that started it. */
    private static final Set<String> OURS = Set.of("ASTROPOOL_RUN_FILE", "ASTROPOOL_FAULTS", "ASTROPOOL_JAVA_OPTS");

    /**
     * The launcher script gives this JVM other values of some variables, its locale for instance. A variable with this
     * prefix holds the user's value, "" for none.
     */
    private static final String OF_USER = "ASTROPOOL_USER_";

    private static final List<String> MAY_BE_ROOT = List.of("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM");
    /** What a Slurm step has to know about its job; the other variables describe the step of the pool itself. */
    private static final Set<String> OF_SLURM_JOB = Set.of(
            "SLURM_JOB_ID",
            "SLURM_JOBID",
            "SLURM_CONF",
            "SLURM_CLUSTER_NAME",
            "SLURM_JOB_NODELIST",
            "SLURM_NODELIST",
            "SLURM_MPI_TYPE");

    private ProgramEnvironment() {}

    /**
     * The environment of this process without the variables that make it a rank, with the variables of the user and of
     * astropool.
     *
     * @param inherited of this process
     */
    static Map<String, String> of(ProgramSpec spec, Map<String, String> inherited) {
        Map<String, String> environment = ofUser(inherited);
        for (String name : MAY_BE_ROOT) {
            if (inherited.containsKey(name)) {
                environment.put(name, inherited.get(name));
            }
        }
        if (spec.ranks() > 1) {
            environment.keySet().removeIf(name -> name.startsWith("SLURM_") && !OF_SLURM_JOB.contains(name));
            environment.put("OMPI_MCA_rmaps_base_oversubscribe", "1"); // slots, not Open MPI, share out the cores
        }
        share(environment, spec.cores());
        environment.put("ASTROPOOL_RANKS", String.valueOf(spec.ranks()));
        environment.put("ASTROPOOL_JOB_DIRECTORY", spec.folder());
        environment.putAll(spec.environment());
        return environment;
    }

    /** The environment of the user's shell: that of this process without what launchers and astropool have added. */
    public static Map<String, String> ofUser(Map<String, String> inherited) {
        Map<String, String> environment = new TreeMap<>(LauncherVariables.without(inherited));
        environment.keySet().removeAll(OURS);
        giveBack(environment);
        return environment;
    }

    /** The environment of the shell that started this process: also with what it says to launchers. */
    public static Map<String, String> ofShell(Map<String, String> inherited) {
        Map<String, String> environment = new TreeMap<>(inherited);
        giveBack(environment);
        return environment;
    }

    /** Tells numerical libraries how many cores a program has, unless the user did. */
    public static void share(Map<String, String> environment, int programCores) {
        String cores = String.valueOf(programCores);
        THREADS.forEach(name -> environment.putIfAbsent(name, cores));
        environment.put("ASTROPOOL_CORES", cores);
    }

    private static void giveBack(Map<String, String> environment) {
        Map.copyOf(environment).forEach((name, value) -> {
            if (name.startsWith(OF_USER)) {
                String own = name.substring(OF_USER.length());
                environment.remove(name);
                environment.remove(own);
                if (!value.isEmpty()) {
                    environment.put(own, value);
                }
            }
        });
    }
}
