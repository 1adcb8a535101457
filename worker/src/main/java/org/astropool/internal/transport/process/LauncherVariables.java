package org.astropool.internal.transport.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment variables by which a launcher tells a process that it is a rank. A process that a rank starts must
 * not see them: an MPI library in it would act as that rank, and hang or end the job.
 */
public final class LauncherVariables {
    private static final List<String> PREFIXES =
            List.of("OMPI_", "PMI", "PRTE_", "HYD", "MPI_", "MV2_", "I_MPI_", ChildStartInfo.VARIABLE);

    private LauncherVariables() {}

    /** A copy of an environment without them; all other variables stay. */
    public static Map<String, String> without(Map<String, String> environment) {
        Map<String, String> rest = new HashMap<>(environment);
        removeFrom(rest);
        return rest;
    }

    /** Removes them from an environment that can be changed, for instance {@link ProcessBuilder#environment}. */
    public static void removeFrom(Map<String, String> environment) {
        environment.keySet().removeIf(name -> PREFIXES.stream().anyMatch(name::startsWith));
    }
}
