package org.astropool.pool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The implementation of this package. Programs do not need it: they use {@link Pool#open}, {@link Pool#run},
 * {@link JoiningWorker#of} and {@link CallJournal#open}, which document these methods. Found by {@link ServiceLoader},
 * so that this package depends on nothing that is not part of the API. Thread-safe.
 */
public interface PoolEngine {

    /** The one implementation. */
    static PoolEngine instance() {
        return ServiceLoader.load(PoolEngine.class, PoolEngine.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "astropool-runner is not complete: META-INF/services/" + PoolEngine.class.getName()
                                + " is missing. If jars are merged into one, their service files must also be merged"));
    }

    /** For {@link Pool#open(PoolOptions)}. */
    Pool open(PoolOptions options);

    /** For {@link Pool#run(String[], PoolOptions, PoolProgram)}. */
    <T> Optional<T> run(String[] arguments, PoolOptions options, PoolProgram<T> program) throws Exception;

    /** For {@link JoiningWorker#of}. */
    JoiningWorker joiningWorker(String address, Path secretFile, PoolOptions options);

    /** For {@link CallJournal#open}. */
    CallJournal openJournal(Path file, String description, long tasks, ClassLoader loader) throws IOException;
}
