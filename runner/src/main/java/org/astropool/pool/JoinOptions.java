package org.astropool.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How workers join a pool of carrier {@link CarrierKind#HAZELCAST}, which they may do at any time. Immutable; created
 * by a {@link Builder}.
 *
 * @param listen where the master listens: HOST, HOST:PORT, or "" for an address that the expected workers can reach:
 *     the loopback address, or under a launcher on several nodes one of this node; without a port, a free one
 * @param secretFile the secret of the master and its workers; empty: in a temporary folder
 * @param addressFile where the master writes its address, for the ranks of a launcher; empty when none needs it
 * @param patience how long a pool that has tasks waits for workers when it has none
 * @param classPath jars and folders with code that every worker must have, beside those of the class loader
 */
public record JoinOptions(
        String listen, Optional<Path> secretFile, Optional<Path> addressFile, Duration patience, List<Path> classPath) {
    private static final JoinOptions DEFAULTS = builder().build();

    /** @throws NullPointerException when an argument is null */
    public JoinOptions {
        Objects.requireNonNull(listen);
        Objects.requireNonNull(secretFile);
        Objects.requireNonNull(addressFile);
        Objects.requireNonNull(patience);
        classPath = List.copyOf(classPath);
    }

    /** Options for workers on this machine that the pool starts itself. */
    public static JoinOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with the {@link #defaults}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Creates {@link JoinOptions}. Not thread-safe. */
    public static final class Builder {
        private String listen = "";
        private Optional<Path> secretFile = Optional.empty();
        private Optional<Path> addressFile = Optional.empty();
        private Duration patience = Duration.ofMinutes(10);
        private List<Path> classPath = List.of();

        private Builder() {}

        /** Where the master listens: HOST or HOST:PORT; default: chosen by the pool. */
        public Builder listen(String address) {
            listen = Objects.requireNonNull(address);
            return this;
        }

        /**
         * The secret of the master and its workers. A file that exists is read, and must be readable by its owner
         * alone; otherwise it is created, and removed at the end.
         */
        public Builder secretFile(Path file) {
            secretFile = Optional.of(file);
            return this;
        }

        /** Where the master writes its address, for the ranks of a launcher. */
        public Builder addressFile(Path file) {
            addressFile = Optional.of(file);
            return this;
        }

        /** How long a pool that has tasks waits for workers when it has none; default 10 minutes. */
        public Builder patience(Duration limit) {
            patience = Objects.requireNonNull(limit);
            return this;
        }

        /** Jars and folders with code that every worker must have, beside those of the class loader. */
        public Builder classPath(List<Path> entries) {
            classPath = List.copyOf(entries);
            return this;
        }

        /** Returns the current options; this builder can still be used. */
        public JoinOptions build() {
            return new JoinOptions(listen, secretFile, addressFile, patience, classPath);
        }
    }
}
