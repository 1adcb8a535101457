package org.astropool.internal.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.astropool.internal.activity.PoolActivity;
import org.astropool.pool.CallJournal;
import org.astropool.pool.JoiningWorker;
import org.astropool.pool.Pool;
import org.astropool.pool.PoolEngine;
import org.astropool.pool.PoolOptions;
import org.astropool.pool.PoolProgram;

/** The way from the public API into this package. Stateless. */
public final class Engine implements PoolEngine {

    @Override
    public Pool open(PoolOptions options) {
        return PoolSession.openHere(options);
    }

    @Override
    public <T> Optional<T> run(String[] arguments, PoolOptions options, PoolProgram<T> program) throws Exception {
        return PoolSession.run(arguments, options, program);
    }

    @Override
    public JoiningWorker joiningWorker(String address, Path secretFile, PoolOptions options) {
        return EngineWorker.of(address, secretFile, options);
    }

    /** What the workers of a pool do; empty for a pool that is not ours. */
    public static Optional<PoolActivity> activity(Pool pool) {
        return pool instanceof EnginePool ours ? Optional.of(ours.activity()) : Optional.empty();
    }

    @Override
    public CallJournal openJournal(Path file, String description, long tasks, ClassLoader loader) throws IOException {
        return EngineJournal.open(file, description, tasks, loader);
    }
}
