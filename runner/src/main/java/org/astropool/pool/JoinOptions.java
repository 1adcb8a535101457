package org.astropool.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How workers join a pool of carrier "hazelcast", which they may at any time.
 *
 * @param listen where: HOST, HOST:PORT, or "" for an address that the expected workers can reach: the loopback address,
 *     or under a launcher on several nodes one of this node; without a port, a free one
 * @param secretFile what the master and its workers know and nobody else. One that is there is read, and must be
 *     readable by its owner alone; else it is made, and removed at the end. Null: in a temporary folder
 * @param addressFile where the master writes its address, for the ranks of a launcher; null when nobody needs it
 * @param patience how long a pool that has tasks waits for workers when it has none
 * @param classPath jars and folders with code that every worker must have, beside those of the class loader
 */
public record JoinOptions(
        String listen, @Nullable Path secretFile, @Nullable Path addressFile, Duration patience, List<Path> classPath) {
    private static final Duration WAIT = Duration.ofMinutes(10);

    public JoinOptions {
        classPath = List.copyOf(classPath);
    }

    /** Workers of this machine, which the pool starts itself. */
    public static JoinOptions defaults() {
        return new JoinOptions("", null, null, WAIT, List.of());
    }
}
