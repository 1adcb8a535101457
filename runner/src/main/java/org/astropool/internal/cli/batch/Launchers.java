package org.astropool.internal.cli.batch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.astropool.internal.batch.BatchScript;
import org.astropool.internal.batch.BatchSystem;
import org.jspecify.annotations.Nullable;

/** The launcher of the ranks of a batch job. Stateless. */
final class Launchers {
    /** Names it, with its options. */
    static final String VARIABLE = "ASTROPOOL_MPIEXEC";

    private static final List<String> WITHOUT_RANKS = List.of("serial", "threads", "processes");

    private Launchers() {}

    /**
     * Its words.
     *
     * @param given by the user or the site
     * @param pool of the run; null for the default
     */
    static List<String> words(Optional<String> given, BatchSystem system, @Nullable String pool) {
        if (pool != null && WITHOUT_RANKS.contains(pool)) {
            return List.of(BatchScript.NO_LAUNCHER);
        }
        boolean needsNoMpi = pool != null && pool.equals("hazelcast");
        String text = given.filter(line -> !line.isBlank())
                .orElse(needsNoMpi ? system.launcherWithoutMpi() : "mpiexec")
                .strip();
        boolean isPath = text.startsWith("/") && Files.isExecutable(Path.of(text)); // maybe with blanks
        List<String> words = new ArrayList<>(isPath ? List.of(text) : List.of(text.split("\\s+")));
        String name = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
        boolean isBound = words.stream().anyMatch(word -> word.matches("--?(bind-to|map-by|binding).*"));
        if ((name.startsWith("mpiexec") || name.startsWith("mpirun")) && !isBound) {
            words.addAll(List.of("--bind-to", "none"));
        }
        return List.copyOf(words);
    }
}
