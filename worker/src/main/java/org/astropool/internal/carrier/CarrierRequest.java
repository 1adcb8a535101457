package org.astropool.internal.carrier;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.astropool.internal.worker.ChildSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a pool wants of a carrier.
 *
 * @param ranks how this process was started
 * @param workers how many workers the master is to start; 0: as many as fit
 * @param threads evaluation threads of each worker; 0: a share of the processors
 * @param coresPerTask processors that a task uses by itself, at least 1
 * @param isolated whether tasks must not run in the process of the master
 * @param classLoader has the classes of functions and values
 * @param children what the user wants of the JVMs that are started
 * @param patience how long a worker waits for its master
 * @param joining how workers join, where they do
 */
public record CarrierRequest(
        Ranks ranks,
        int workers,
        int threads,
        int coresPerTask,
        boolean isolated,
        ClassLoader classLoader,
        ChildSettings children,
        Duration patience,
        Joining joining) {

    /**
     * The ranks that a launcher has started together.
     *
     * @param rank of this process, from 0
     * @param size how many there are
     * @param severalNodes whether they may be on several nodes
     * @param words what the launcher has put before the arguments of {@code main}
     * @param launcher who started them, as messages call it
     */
    public record Ranks(int rank, int size, boolean severalNodes, List<String> words, String launcher) {}

    /**
     * Where workers join.
     *
     * @param listen HOST, HOST:PORT or "" for an address that the expected workers can reach
     * @param secretFile what master and workers know and nobody else; null: in a temporary folder
     * @param addressFile where the master writes its address; null when nobody needs it
     */
    public record Joining(
            String listen,
            @Nullable Path secretFile,
            @Nullable Path addressFile) {}
}
