package org.astropool.internal.transport.mpj;

import java.util.Arrays;
import java.util.Optional;

/** How the ranks of MPJ Express are connected: the third word that its launchers give to {@code main}. */
enum MpjDevice {
    /** Threads of one JVM, each rank with a class loader of its own. */
    MULTICORE("smpdev", "multicore"),
    /** Processes with sockets. */
    NIO("niodev", "cluster, niodev"),
    /** Processes with sockets, each of which has several ranks. */
    HYBRID("hybdev", "cluster, hybdev");

    private static final int LAUNCHER_WORDS = 3;

    private final String word;
    private final String description;

    MpjDevice(String word, String description) {
        this.word = word;
        this.description = description;
    }

    String description() {
        return description;
    }

    /** @param arguments those of {@code main}; empty when MPJ Express did not start this process */
    static Optional<MpjDevice> of(String... arguments) {
        return arguments.length < LAUNCHER_WORDS
                ? Optional.empty()
                : Arrays.stream(values())
                        .filter(device -> device.word.equals(arguments[LAUNCHER_WORDS - 1]))
                        .findFirst();
    }
}
