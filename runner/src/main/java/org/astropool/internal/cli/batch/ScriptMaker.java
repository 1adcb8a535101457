package org.astropool.internal.cli.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.astropool.internal.batch.BatchRequest;
import org.astropool.internal.batch.BatchScript;
import org.astropool.internal.batch.BatchSystem;
import org.astropool.internal.batch.SiteSettings;
import org.astropool.internal.job.JobException;
import org.astropool.internal.job.run.OutputDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the scripts of batch jobs for the working directory, the environment and the installation of this process.
 * Immutable.
 */
record ScriptMaker(SiteSettings site, BatchSystem system) {
    /** Variables of astropool that a job needs as its user has them. */
    private static final List<String> OURS = List.of(
            "ASTROPOOL_CLASS_PATH",
            "ASTROPOOL_DATA",
            "ASTROPOOL_JAVA",
            "ASTROPOOL_JAVA_OPTS",
            "ASTROPOOL_LEASE",
            "ASTROPOOL_MPI_LIBRARY",
            "ASTROPOOL_PYTHON");

    private static final String JAVA_HOME = "JAVA_HOME";

    /**
     * The script that runs a job file.
     *
     * @param pool of the run; null for the default
     * @param words options of the run
     * @param firstWords more options of its first start
     * @param variables those that the job file uses
     * @throws JobException when something cannot be written into a script
     */
    String run(
            BatchRequest request,
            OutputDirectory directory,
            @Nullable String pool,
            List<String> words,
            List<String> firstWords,
            UsedVariables variables)
            throws JobException {
        List<String> launcher = Launchers.words(launcher(), system, pool);
        if (launcher.equals(List.of(BatchScript.NO_LAUNCHER)) && request.nodes() > 1) {
            BatchMessages.say(
                    "the run is one process, since it has no launcher of ranks, and uses one of its " + request.nodes()
                            + " nodes; ask for --nodes 1, or name a launcher in ASTROPOOL_MPIEXEC or site.toml");
        }
        return text(BatchScript.Kind.RUN, request, directory, launcher, words, firstWords, variables);
    }

    /**
     * The script that lends workers to a run.
     *
     * @param words options of the workers
     * @throws JobException when something cannot be written into a script
     */
    String join(BatchRequest request, OutputDirectory directory, List<String> words) throws JobException {
        boolean single = request.copies() > 0 || request.nodes() == 1;
        return text(
                BatchScript.Kind.JOIN,
                request,
                directory,
                single ? List.of(BatchScript.NO_LAUNCHER) : Launchers.words(launcher(), system, "hazelcast"),
                words,
                List.of(),
                new UsedVariables(Map.of()));
    }

    private String text(
            BatchScript.Kind kind,
            BatchRequest request,
            OutputDirectory directory,
            List<String> launcher,
            List<String> words,
            List<String> firstWords,
            UsedVariables variables)
            throws JobException {
        return new BatchScript(
                        kind,
                        system,
                        request,
                        directory.path(),
                        InstalledLauncher.path(),
                        launcher,
                        words,
                        firstWords,
                        Path.of("").toAbsolutePath(),
                        site.setupLines(),
                        exported(variables),
                        site.tmpdir().orElse("/tmp"))
                .text();
    }

    private Optional<String> launcher() {
        return Optional.ofNullable(System.getenv(Launchers.VARIABLE)).or(site::launcher);
    }

    private Map<String, String> exported(UsedVariables variables) {
        Map<String, String> exported = variables.used();
        List<String> ours = new ArrayList<>(OURS);
        if (site.setupLines().isEmpty()) { // else they set it
            ours.add(JAVA_HOME);
        }
        ours.stream()
                .filter(name -> System.getenv(name) != null)
                .forEach(name -> exported.put(name, System.getenv(name)));
        return exported;
    }
}
